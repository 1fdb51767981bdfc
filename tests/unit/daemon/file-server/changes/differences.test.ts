import { expect, test } from "vitest";
import {
  type Change,
  changesOf,
  type NameState,
} from "../../../../../src/daemon/file-server/changes/differences.ts";
import type { Entry } from "../../../../../src/daemon/file-server/changes/entry.ts";

function file(path: number, modified = 1, size = 0): Entry {
  return { qid: { type: 0, version: 1, path }, mode: 0o100644, size, modified, changed: modified, born: 1 };
}

function folder(path: number, modified = 1): Entry {
  return {
    qid: { type: 0x80, version: 1, path },
    mode: 0o040755,
    size: 0,
    modified,
    changed: modified,
    born: 1,
  };
}

function state(name: string, before?: Entry, now?: Entry, [directory, depth] = [1, 0]): NameState {
  return { directory: directory ?? 1, depth: depth ?? 0, name, before, now };
}

const below: [number, number] = [2, 1];

function told(states: readonly NameState[]): readonly string[] {
  return changesOf(states).map((change: Change) =>
    change.kind === "rename"
      ? `rename ${change.from.directory}/${change.from.name} ${change.to.directory}/${change.to.name}`
      : `${change.kind} ${change.at.directory}/${change.at.name}`,
  );
}

test("names come and go; a file with content has been written", () => {
  expect(
    told([state("a", file(10)), state("b", undefined, file(11)), state("c", undefined, file(12, 1, 5))]),
  ).toEqual(["delete 1/a", "create 1/b", "create 1/c", "modify 1/c"]);
});

test("content, attributes, and what only happened in a directory", () => {
  const chmodded = { ...file(11), changed: 9 };
  const states = [
    state("a", file(10), file(10, 2)),
    state("b", file(11), chmodded),
    state("c", folder(12), folder(12, 7)),
    state("d", folder(13), { ...folder(13), mode: 0o040700 }),
  ];
  expect(told(states)).toEqual(["modify 1/a", "attrib 1/b", "attrib 1/d"]);
});

test("a file that is elsewhere was renamed, also into another directory, and written if it was", () => {
  expect(told([state("a", file(10)), state("b", undefined, file(10), below)])).toEqual(["rename 1/a 2/b"]);
  expect(told([state("a", file(10)), state("b", undefined, file(10, 2))])).toEqual([
    "rename 1/a 1/b",
    "modify 1/b",
  ]);
});

test("what was replaced by a rename is not deleted besides", () => {
  const states = [state("a", file(10)), state("b", file(11), file(10))];
  expect(told(states)).toEqual(["rename 1/a 1/b"]);
  expect(changesOf(states)[0]).toMatchObject({ replaced: file(11) });
});

test("what was replaced by a file from nowhere is another file", () => {
  expect(told([state("a", file(10), file(11, 2, 3))])).toEqual(["delete 1/a", "create 1/a", "modify 1/a"]);
});

test("a number that has been given to a new file is another file", () => {
  const reused = { ...file(10), born: 2 };
  expect(told([state("a", file(10)), state("b", undefined, reused)])).toEqual(["delete 1/a", "create 1/b"]);
  expect(told([state("a", file(10), reused)])).toEqual(["delete 1/a", "create 1/a"]);
});

test("the same inode with another type is another file", () => {
  expect(told([state("a", file(10)), state("b", undefined, folder(10))])).toEqual([
    "delete 1/a",
    "create 1/b",
  ]);
});

test("two names of one file: one of them goes, one comes, one stays", () => {
  const stays = state("s", file(10), file(10));
  expect(told([state("a", file(10)), state("b", undefined, file(10)), stays])).toEqual(["rename 1/a 1/b"]);
});

test("a chain of renames begins with the last, a circle is told somehow and each once", () => {
  const chain = [state("a", file(10)), state("b", file(11), file(10)), state("c", undefined, file(11))];
  expect(told(chain)).toEqual(["rename 1/b 1/c", "rename 1/a 1/b"]);
  const circle = [state("a", file(10), file(11)), state("b", file(11), file(10))];
  expect(told(circle).toSorted()).toEqual(["rename 1/a 1/b", "rename 1/b 1/a"]);
});

test("directories are renamed before what is in them; deletions go up, creations down", () => {
  const states = [
    state("f", file(20), undefined, below),
    state("g", undefined, file(20), below),
    state("x", folder(3)),
    state("y", undefined, folder(3)),
    state("old", folder(4)),
    state("in-old", file(21), undefined, [4, 1]),
    state("in-new", undefined, file(22), [5, 1]),
    state("new", undefined, folder(5)),
  ];
  expect(told(states)).toEqual([
    "rename 1/x 1/y",
    "rename 2/f 2/g",
    "delete 4/in-old",
    "delete 1/old",
    "create 1/new",
    "create 5/in-new",
  ]);
});
