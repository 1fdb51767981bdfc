import { expect, test } from "vitest";
import { checkDistroName, sameName } from "../../../src/base/names.ts";

test.each(["debian", "Ubuntu-24.04", "a_b", "1"])("'%s' can be a name", (name) => {
  expect(checkDistroName(name)).toBe(name);
});

test.each(["", "a b", "ä", "..", ".", "-d", "a/b", "x".repeat(65), "a\n"])("'%s' cannot", (name) => {
  expect(() => checkDistroName(name)).toThrow(expect.objectContaining({ code: "invalid-argument" }));
});

test("names are the same in any case", () => {
  expect(sameName("Debian", "dEBIAN")).toBe(true);
});
