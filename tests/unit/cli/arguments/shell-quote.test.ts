import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { shellLine, shellQuote } from "../../../../src/cli/arguments/shell-quote.ts";

describe("a word for the shell", () => {
  test.each<[string, string]>([
    ["plain", "plain"],
    ["/usr/bin/x-y_z.1", "/usr/bin/x-y_z.1"],
    ["NAME=value", "NAME=value"],
    ["=ls", "'=ls'"],
    ["", "''"],
    ["a b", "'a b'"],
    ["$HOME", "'$HOME'"],
    ["it's", "'it'\\''s'"],
    ["a\\b", "'a'\\\\'b'"],
    ["~", "'~'"],
    ["日本", "'日本'"],
  ])("%j becomes %s", (word, quoted) => {
    expect(shellQuote(word)).toBe(quoted);
  });

  test("the host's own shell gets back the same words", () => {
    const words = [
      "",
      " ",
      "'",
      '"',
      "\\",
      "\\'",
      "$(exit 1)",
      "`x`",
      "a\nb",
      "*",
      "!",
      "é",
      "-n",
      "x=y",
      "a;b&c|d",
    ];
    const output = execFileSync("/bin/sh", ["-c", `printf '%s\\0' ${shellLine(words)}`], {
      encoding: "utf8",
    });
    expect(output.split("\0").slice(0, -1)).toEqual(words);
  });
});
