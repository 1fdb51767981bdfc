import { expect, test } from "vitest";
import { isBackgroundJob } from "../../../../src/cli/is-background-job.ts";

test.each<[string, string, boolean]>([
  ["the foreground group of its terminal", "10 (node) S 1 10 5 34816 10 4194304", false],
  ["another group has the foreground", "10 (node) S 1 10 5 34816 5 4194304", true],
  ["no terminal", "10 (node) S 1 10 5 0 -1 4194304", false],
  ["a name with spaces and parentheses", "10 (a) b (c) S 1 10 5 34816 5 4194304", true],
  ["no proc", "", false],
])("%s", (_, stat, expected) => {
  expect(isBackgroundJob(() => stat)).toBe(expected);
});
