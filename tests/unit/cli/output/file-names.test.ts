import { expect, test } from "vitest";
import { formatColumns } from "../../../../src/cli/output/columns.ts";
import { fileNameJson, printableFileName } from "../../../../src/cli/output/file-names.ts";

const bytes = (text: string): string => Buffer.from(text).toString("latin1");

test.each([
  ["plain", bytes("täg €"), "täg €"],
  ["control characters and line ends", bytes("a\n\t\u001b[31m\u0085"), "a\\x0a\\x09\\x1b[31m\\x85"],
  ["no UTF-8", "caf\xe9\n", "caf\\xe9\\x0a"],
  ["a byte order mark stays", bytes("\ufeffx"), "\ufeffx"],
])("a name for people: %s", (_, name, shown) => {
  expect(printableFileName(name)).toBe(shown);
});

test("a name for programs loses nothing", () => {
  expect(fileNameJson(bytes("täg\n"))).toEqual({ name: "täg\n" });
  expect(fileNameJson("caf\xe9")).toEqual({ name: "caf\ufffd", bytes: "Y2Fm6Q==" });
});

test("columns are read downwards, as many as fit", () => {
  const words = ["a", "bbb", "cc", "d", "e"];
  expect(formatColumns(words, 80)).toEqual(["a  bbb  cc  d  e"]);
  expect(formatColumns(words, 10)).toEqual(["a    cc  e", "bbb  d"]);
  expect(formatColumns(words, 2)).toEqual(words);
  expect(formatColumns([], 80)).toEqual([]);
});
