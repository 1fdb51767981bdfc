import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { errorCodes } from "../../../src/base/errors.ts";
import { exitCode, exitCodes } from "../../../src/cli/exit-codes.ts";

test("every error code has a status of its own, and they never change", () => {
  expect(Object.fromEntries(errorCodes.map((code) => [code, exitCode(code, "verb")]))).toEqual({
    "invalid-argument": 2,
    "not-found": 3,
    exists: 4,
    "invalid-state": 5,
    unsupported: 6,
    permission: 7,
    unavailable: 8,
    timeout: 9,
    cancelled: 130,
    disconnected: 10,
    protocol: 11,
    internal: 1,
  });
  expect(new Set(Object.values(exitCodes)).size).toBe(errorCodes.length);
});

test.each(errorCodes.filter((code) => code !== "cancelled"))("running a command, %s is 125", (code) => {
  expect(exitCode(code, "run")).toBe(125);
});

test("running a command, cancelled is what Ctrl-C gives a shell", () => {
  expect(exitCode("cancelled", "run")).toBe(130);
});

test("docs/cli.md tells the same statuses", () => {
  const page = readFileSync("docs/cli.md", "utf8");
  for (const code of errorCodes) expect(page).toContain(`| ${exitCodes[code]} | \`${code}\` |`);
});
