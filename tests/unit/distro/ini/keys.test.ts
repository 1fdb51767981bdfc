import { expect, test } from "vitest";
import { choice, flag, integer } from "../../../../src/distro/ini/keys.ts";

test.each([
  ["true", true],
  ["FALSE", false],
  ["1", true],
  ["0", false],
])("boolean %s", (text, value) => {
  expect(flag(!value).parse(text, "a.b")).toEqual({ value });
});

test.each(["yes", "", "2", "constructor"])("not a boolean: %j", (text) => {
  expect(flag(true).parse(text, "a.b")).toEqual({
    warning: `Invalid boolean value '${text}' for config key 'a.b'`,
  });
});

test.each([
  ["0", 0],
  ["-0", 0],
  ["42", 42],
  ["-7", -7],
  ["+7", 7],
  ["0x10", 16],
  ["-0X10", -16],
  ["0022", 18],
  ["2147483647", 2_147_483_647],
  ["-2147483648", -2_147_483_648],
])("integer %s", (text, value) => {
  expect(integer(5).parse(text, "a.b")).toEqual({ value });
});

test.each(["", "08", "0x", "1.5", "1e3", "12 ", "2147483648", "nine", "9".repeat(400)])(
  "not an integer: %j",
  (text) => {
    expect(integer(5).parse(text, "a.b")).toHaveProperty("warning");
  },
);

test("a choice knows its words in any case and tells them", () => {
  const key = choice(["v1", "v2"], "v2");
  expect(key.parse("V1", "a.b")).toEqual({ value: "v1" });
  expect(key.parse("v3", "a.b")).toEqual({
    warning: "Invalid value 'v3' for config key 'a.b' (valid values: v1, v2)",
  });
});

test("a warning repeats a value without control characters and shortened", () => {
  const parsed = integer(0).parse(`\u001b[31m${"x".repeat(500)}`, "a.b");
  expect(JSON.stringify(parsed)).not.toMatch(/u001b|x{100}/);
});
