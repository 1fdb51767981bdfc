import { describe, expect, test } from "vitest";
import { TswslError } from "../../../../src/base/errors.ts";
import { jsonText } from "../../../../src/cli/output/print.ts";
import { printable } from "../../../../src/cli/output/printable.ts";
import { formatBytes, formatSpan } from "../../../../src/cli/output/quantities.ts";
import { reportError } from "../../../../src/cli/output/report-error.ts";
import { formatTable } from "../../../../src/cli/output/table.ts";
import { collector } from "../support/fake-cli.ts";

test.each<[number, string]>([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "0.98 KiB"],
  [1536, "1.50 KiB"],
  [10 * 1024, "10.0 KiB"],
  [240 * 1024 ** 2, "240 MiB"],
  [1023 * 1024 ** 2, "1.00 GiB"],
  [5.5 * 1024 ** 4, "5.50 TiB"],
  [-5, "0 B"],
])("%d bytes are %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each<[number, string]>([
  [0.44, "0.4 s"],
  [9.94, "9.9 s"],
  [9.96, "10 s"],
  [59.6, "1 min"],
  [200, "3 min 20 s"],
  [7500, "2 h 5 min"],
  [3600, "1 h"],
  [3 * 86_400 + 4 * 3600, "3 d 4 h"],
])("%d seconds are %s", (seconds, text) => {
  expect(formatSpan(seconds)).toBe(text);
});

test("a table has no space at the end of its lines", () => {
  expect(formatTable([["NAME", "STATE"], ["debian", "-"], ["a"]])).toEqual([
    "NAME    STATE",
    "debian  -",
    "a",
  ]);
  expect(formatTable([])).toEqual([]);
});

describe("text from a distribution cannot steer the terminal", () => {
  test("escape sequences are shown, tabs and lines are kept", () => {
    expect(printable("\u001b[31mred\u0007\tx\ny\u009b")).toBe("\\x1b[31mred\\x07\tx\ny\\x9b");
  });

  test("in JSON they are escapes, and parse back", () => {
    const text = jsonText({ name: "\u001b\u009b\u007f é" });
    expect(text).toBe('{\n  "name": "\\u001b\\u009b\\u007f é"\n}');
    expect(JSON.parse(text)).toEqual({ name: "\u001b\u009b\u007f é" });
  });
});

describe("errors", () => {
  const failure = new TswslError("not-found", "there is no distribution called 'x'", {
    hint: "See: tswsl list",
  });

  test.each<[string, unknown, boolean, string]>([
    ["message and hint", failure, false, "tswsl: there is no distribution called 'x'\n  → See: tswsl list\n"],
    ["a message alone", new TswslError("internal", "odd"), false, "tswsl: odd\n"],
    ["something foreign", new RangeError("bad\u001b"), false, "tswsl: bad\\x1b\n"],
    [
      "JSON",
      failure,
      true,
      '{"error":{"hint":"See: tswsl list","code":"not-found","message":"there is no distribution called \'x\'"}}\n',
    ],
    [
      "JSON without a hint",
      new TswslError("internal", "odd"),
      true,
      '{"error":{"hint":null,"code":"internal","message":"odd"}}\n',
    ],
  ])("%s", (_, error, json, expected) => {
    const { stream, text } = collector(false);
    reportError(stream, error, json);
    expect(text()).toBe(expected);
  });
});
