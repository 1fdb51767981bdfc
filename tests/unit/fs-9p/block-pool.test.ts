import { expect, test } from "vitest";
import { BlockPool } from "../../../src/fs-9p/server/block-pool.ts";

test("a block is used again when nothing of it is being written", () => {
  const pool = new BlockPool(true);
  const block = pool.get(10);
  block.writing = 1;
  pool.put(block);
  expect(pool.get(10)).not.toBe(block);
  block.writing = 0;
  pool.put(block);
  expect(pool.get(10)).toBe(block);
});

test("a block that is too small, or that somebody else writes into, is not", () => {
  const pool = new BlockPool(true);
  const small = pool.get(10);
  pool.put(small);
  const large = pool.get(1_000_000);
  expect(large.bytes.length).toBeGreaterThanOrEqual(1_000_000);
  large.givenUp = true;
  pool.put(large);
  expect(pool.get(10)).not.toBe(large);
});

test("no block is used again where the stream keeps what it is given", () => {
  const pool = new BlockPool(false);
  const block = pool.get(10);
  pool.put(block);
  expect(pool.get(10)).not.toBe(block);
});
