import { once } from "node:events";
import type { Duplex } from "node:stream";
import { finished } from "node:stream/promises";
import { describe, expect, test } from "vitest";
import { randomBytes, readAll, settle } from "../support/bytes.ts";

export interface ByteStreamPair {
  readonly left: Duplex;
  readonly right: Duplex;
  /** Releases what the pair stands on. */
  readonly release?: () => Promise<void>;
}

const MIB = 1024 * 1024;

/**
 * What every byte stream of the product promises, whatever carries it: order, half-close, back-pressure, and that the
 * end of one side is seen at the other.
 */
export function testByteStream(name: string, make: () => Promise<ByteStreamPair>): void {
  const withPair = (run: (left: Duplex, right: Duplex) => Promise<void>) => async (): Promise<void> => {
    const { left, right, release } = await make();
    try {
      await run(left, right);
    } finally {
      left.destroy();
      right.destroy();
      await release?.();
    }
  };

  describe(`${name} as a byte stream`, () => {
    test("carries bytes in order, both ways at once", withPair(bothWays));
    test("carries single bytes, empty writes and large ones", withPair(oddSizes));
    test("keeps one half open when the other has ended", withPair(halfClose));
    test("ends in good order when both halves have ended", withPair(orderlyEnd));
    test("holds a writer back while nobody reads, and loses nothing", withPair(backPressure));
    test("tells the other side when one is destroyed", withPair(destroyed));
  });
}

async function bothWays(left: Duplex, right: Duplex): Promise<void> {
  const there = randomBytes(6 * MIB, 1);
  const back = randomBytes(5 * MIB, 2);
  left.end(there);
  right.end(back);
  const [got, gotBack] = await Promise.all([readAll(right), readAll(left)]);
  expect([got.equals(there), gotBack.equals(back)]).toEqual([true, true]);
}

async function oddSizes(left: Duplex, right: Duplex): Promise<void> {
  const large = randomBytes(3 * MIB, 3);
  for (const byte of Buffer.from("one by one")) left.write(Buffer.of(byte));
  left.write(Buffer.alloc(0));
  left.write(large);
  left.end("z");
  const got = await readAll(right);
  expect(got.equals(Buffer.concat([Buffer.from("one by one"), large, Buffer.from("z")]))).toBe(true);
}

async function halfClose(left: Duplex, right: Duplex): Promise<void> {
  left.end("question");
  expect((await readAll(right)).toString()).toBe("question");
  await settle();
  expect(right.writable).toBe(true);
  right.end("answer");
  expect((await readAll(left)).toString()).toBe("answer");
}

async function orderlyEnd(left: Duplex, right: Duplex): Promise<void> {
  left.end("a");
  right.end("b");
  left.resume();
  right.resume();
  await Promise.all([finished(left), finished(right)]);
  expect([left.errored, right.errored]).toEqual([null, null]);
}

async function backPressure(left: Duplex, right: Duplex): Promise<void> {
  const block = randomBytes(64 * 1024, 4);
  let blocks = 0;
  while (!left.writableNeedDrain) {
    left.write(block);
    blocks += 1;
    expect(blocks, "the writer is never held back").toBeLessThan(1000);
    // The other end, and kernels between, get every chance to take more.
    if (left.writableNeedDrain) await settle(100);
  }
  left.end();
  const got = await readAll(right);
  expect(got.length).toBe(blocks * block.length);
  for (let at = 0; at < got.length; at += block.length)
    expect(got.subarray(at, at + block.length).equals(block)).toBe(true);
}

async function destroyed(left: Duplex, right: Duplex): Promise<void> {
  left.write("something unread");
  await settle();
  const over = Promise.race(["end", "close"].map((event) => once(right, event).catch(() => "error")));
  left.destroy();
  right.resume();
  await over;
  expect(right.readableEnded || right.destroyed).toBe(true);
}
