import { expect, test } from "vitest";
import { KnownFiles } from "../../../../../src/daemon/file-server/changes/known-files.ts";

const directory = (path: number): { type: number; version: number; path: number } => ({
  type: 0x80,
  version: 1,
  path,
});
const file = (path: number): { type: number; version: number; path: number } => ({
  type: 0,
  version: 1,
  path,
});

test("a file's place is the names by which the guest has come to it", () => {
  const known = new KnownFiles();
  known.root(1, "path=%2F");
  known.found(1, "home", directory(2));
  known.found(2, "notes", file(3));
  expect(known.placeOf(3)).toEqual({
    asked: "path=%2F",
    names: ["home", "notes"],
    isDirectory: false,
    directory: 2,
  });
  expect(known.placeOf(1)).toEqual({ asked: "path=%2F", names: [], isDirectory: true, directory: undefined });
  expect(known.placeOf(4)).toBeUndefined();
});

test("a directory that is renamed takes what is in it along", () => {
  const known = new KnownFiles();
  known.root(1, "path=%2F");
  known.found(1, "old", directory(2));
  known.found(2, "notes", file(3));
  known.found(1, "new", directory(2));
  expect(known.placeOf(3)?.names).toEqual(["new", "notes"]);
});

test("names that lead in a circle lead nowhere", () => {
  const known = new KnownFiles();
  known.found(3, "a", directory(2));
  known.found(2, "b", directory(3));
  expect(known.placeOf(2)).toBeUndefined();
});

test("of a guest that walks everywhere the last files are known, and those that are asked for", () => {
  const known = new KnownFiles();
  known.root(1, "path=%2F");
  known.found(1, "watched", directory(2));
  known.found(1, "passed", directory(3));
  for (let path = 100; path < 100_000; path += 1) {
    known.found(1, String(path), file(path));
    if (path % 10_000 === 0) known.placeOf(2);
  }
  expect(known.placeOf(2)?.names).toEqual(["watched"]);
  expect(known.placeOf(3)).toBeUndefined();
  expect(known.placeOf(99_999)?.names).toEqual(["99999"]);
});
