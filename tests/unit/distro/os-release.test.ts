import { expect, test } from "vitest";
import { parseOsRelease } from "../../../src/distro/os-release.ts";
import { randomTexts } from "./fuzz.ts";

test("Debian's own", () => {
  const text = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nID=debian\n`;
  expect(parseOsRelease(text)).toEqual({
    id: "debian",
    versionId: "12",
    prettyName: "Debian GNU/Linux 12 (bookworm)",
    versionCodename: "bookworm",
  });
});

test.each([
  ["single quotes are literal", String.raw`PRETTY_NAME='a\b'`, String.raw`a\b`],
  ["escapes in double quotes", String.raw`PRETTY_NAME="a \"b\" \$c"`, 'a "b" $c'],
  ["CRLF", "PRETTY_NAME=Arch\r\n", "Arch"],
  ["the last wins", "PRETTY_NAME=a\nPRETTY_NAME=b", "b"],
  ["comments", "#PRETTY_NAME=a\nPRETTY_NAME=b\n# c", "b"],
  ["a lone quote stays", 'PRETTY_NAME="', '"'],
  ["no control characters", 'PRETTY_NAME="\u001b[31mred"', "[31mred"],
])("%s", (_, text, expected) => {
  expect(parseOsRelease(text).prettyName).toBe(expected);
});

test("an ID that is no identifier is none", () => {
  expect(parseOsRelease("ID='a b'\n").id).toBeUndefined();
  expect(parseOsRelease("ID=__proto__/..\n").id).toBeUndefined();
});

test("no text makes it throw or gives a long value", () => {
  for (const text of randomTexts(["ID", "PRETTY_NAME", "=", '"', "'", "\\", "\n", "x".repeat(300)], 2000)) {
    const release = parseOsRelease(text);
    expect(Object.values(release).every((value) => value === undefined || value.length <= 128)).toBe(true);
  }
});
