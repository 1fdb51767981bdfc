import { expect, test } from "vitest";
import { QidTable } from "../../../src/fs-9p/host-disk/qid-paths.ts";

test("the first device's files in the first tree have their inode numbers", () => {
  expect(new QidTable().tree(0).pathOf(2049, 4711n)).toBe(4711);
});

test("a file has another number in each tree, the same whenever it is asked for", () => {
  const table = new QidTable();
  const first = table.tree(0).pathOf(2049, 4711n);
  const second = table.tree(1).pathOf(2049, 4711n);
  expect(second).not.toBe(first);
  expect(table.tree(1).pathOf(2049, 4711n)).toBe(second);
  expect(table.tree(0).pathOf(2049, 4711n)).toBe(first);
});

test("files of all devices, trees and sizes of inode numbers differ, below 2^53", () => {
  const table = new QidTable();
  const seen = new Set<number>();
  for (let tree = 0; tree < 80; tree += 1) {
    const paths = table.tree(tree);
    for (let device = 0; device < 60; device += 1)
      for (const inode of [2n, 2n ** 40n - 1n, 2n ** 40n, 2n ** 64n - 1n])
        seen.add(paths.pathOf(device, inode));
  }
  expect(seen.size).toBe(80 * 60 * 4);
  expect(Math.max(...seen)).toBeLessThan(2 ** 53);
  expect([...seen].every(Number.isSafeInteger)).toBe(true);
});
