import { describe, expect, test } from "vitest";
import { parseIni } from "../../../../src/distro/ini/parse.ts";
import { randomTexts } from "../fuzz.ts";

const values = (text: string): string[] =>
  parseIni(text, "f").entries.map(({ name, value }) => `${name}=${value}`);

describe("values", () => {
  test.each([
    ["plain", "[a]\nk = v", "a.k=v"],
    ["no blanks", "[a]\nk=v", "a.k=v"],
    ["inner blanks stay, outer go", "[a]\n  k =  v  w \t", "a.k=v  w"],
    ["empty", "[a]\nk=", "a.k="],
    ["trailing comment", "[a]\nk = v # c", "a.k=v"],
    ["quoted comment sign", '[a]\nk = "v # c"', "a.k=v # c"],
    ["quoted blanks", '[a]\nk = " v "', "a.k= v "],
    ["quotes in the middle", '[a]\nk = x" y "z', "a.k=x y z"],
    ["escapes outside quotes", String.raw`[a]` + "\n" + String.raw`k = \\ \" \b\n\tx`, 'a.k=\\ " \b\n\tx'],
    ["escaped blank at the end", "[a]\nk = v\\t", "a.k=v\t"],
    ["continuation", "[a]\nk = one \\\n  two", "a.k=one   two"],
    ["continuation in quotes", '[a]\nk = "one\\\ntwo"', "a.k=onetwo"],
    ["continuation with CRLF", "[a]\r\nk = one\\\r\ntwo\r\n", "a.k=onetwo"],
    ["CRLF", "[a]\r\nk=v\r\n", "a.k=v"],
    ["byte order mark", "\uFEFF[a]\nk=v", "a.k=v"],
    ["before any section", "k=v", "k=v"],
    ["comment after a section", "[a] # c\nk=v", "a.k=v"],
    ["UTF-8", "[a]\nk=é…", "a.k=é…"],
  ])("%s", (_, text, expected) => {
    expect(values(text)).toEqual([expected]);
    expect(parseIni(text, "f").warnings).toEqual([]);
  });

  test("lines are counted over comments, blank lines, CRLF and continuations", () => {
    const text = "# c\r\n\r\n[a]\r\nk = 1 \\\r\n 2\r\n# c\r\nl=3\r\n";
    expect(parseIni(text, "f").entries.map(({ line }) => line)).toEqual([4, 7]);
  });
});

describe("a bad line is skipped with a warning", () => {
  test.each([
    ["[a", "Expected ']' in f:1"],
    ["[1]", "Invalid section name in f:1"],
    ["[]", "Invalid section name in f:1"],
    ["[a] x", "Expected ' ' or '\\n' in f:1"],
    ["[a-b]", "Expected ']' in f:1"],
    ["1=2", "Invalid key name in f:1"],
    ["k", "Expected '=' in f:1"],
    ["a-b=2", "Expected '=' in f:1"],
    ['k = "v', `Expected '"' in f:1`],
    ["k = \\x", "Invalid escaped character: 'x' in f:1"],
    ["k = \\\u001b[31m", "Invalid escaped character: '?' in f:1"],
  ])("%j", (line, warning) => {
    const { entries, warnings } = parseIni(`${line}\n[z]\nk=v\n`, "f");
    expect(warnings).toEqual([warning]);
    expect(entries).toEqual([{ name: "z.k", value: "v", line: 3 }]);
  });

  test("a backslash at the very end", () => {
    expect(parseIni("k = \\", "f")).toEqual({
      entries: [],
      warnings: ["Invalid escaped character: '?' in f:1"],
    });
  });

  test("keys after a malformed section header do not fall into the section before it", () => {
    expect(values("[user]\n[boot\ncommand=x")).toEqual(["command=x"]);
  });
});

test("a flood of faults gives a bounded number of warnings", () => {
  expect(parseIni("?\n".repeat(100_000), "f").warnings.length).toBeLessThanOrEqual(50);
});

test("no text makes it throw or loop", () => {
  const pieces = ["[", "]", "=", '"', "\\", "\n", "\r", "#", "a", "boot", "1", " ", "\t", "systemd"];
  const texts = randomTexts(pieces, 3000);
  expect(
    texts.map((text) => parseIni(text, "f")).every(({ warnings }) => warnings.every((w) => /:\d+$/.test(w))),
  ).toBe(true);
});
