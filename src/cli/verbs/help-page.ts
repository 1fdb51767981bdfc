import { errorCodes } from "../../base/errors.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatTable } from "../output/table.ts";
import type { Verb } from "./verb.ts";

const WIDTH = 100;

/** The help page of a verb: synopsis, what it does, options, examples, exit codes. */
export function verbPage({ synopsis, about, options, examples }: Verb): string {
  const table = Object.values(options).map(({ names, value, text }) => [
    `  ${names.join(", ")}${value === undefined ? "" : ` ${value}`}`,
    text,
  ]);
  return [
    "Usage:",
    ...synopsis.map((line) => `  ${line}`),
    "",
    ...about.split("\n").flatMap(wrap),
    ...(table.length === 0 ? [] : ["", "Options:", ...formatTable(table)]),
    "",
    "Examples:",
    ...formatTable(examples.map(([command, what]) => [`  ${command}`, what])),
    "",
    ...exitLines(),
  ].join("\n");
}

function exitLines(): string[] {
  const codes = errorCodes.toSorted((left, right) => exitCodes[left] - exitCodes[right]);
  const words = codes.map(
    (code, index) => `${exitCodes[code]} ${code}${index === codes.length - 1 ? "." : ","}`,
  );
  return fill(["Exit status:", "0 done,", ...words]);
}

/** A line that fits is left alone, indented tables included. */
function wrap(text: string): string[] {
  return text.length <= WIDTH || text.startsWith(" ") ? [text] : fill(text.split(" "));
}

/** The words in lines of {@link WIDTH} columns. */
function fill(words: readonly string[]): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    if (line !== "" && line.length + word.length >= WIDTH) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
