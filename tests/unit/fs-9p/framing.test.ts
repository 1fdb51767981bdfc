import { describe, expect, test } from "vitest";
import { isTswslError } from "../../../src/base/errors.ts";
import { encodeMessage, FrameSplitter } from "../../../src/fs-9p/index.ts";
import { pieces, randomBytes } from "../../support/bytes.ts";
import { seededRandom } from "../../support/random.ts";

const LIMIT = 64 * 1024;
const write = (length: number): Buffer =>
  encodeMessage("Twrite", 1, { fid: 1, offset: 0, data: randomBytes(length) });

function collector(limit = LIMIT): { readonly splitter: FrameSplitter; readonly frames: string[] } {
  const frames: string[] = [];
  const splitter = new FrameSplitter(limit, (bytes, start, end) =>
    frames.push(bytes.toString("hex", start, end)),
  );
  return { splitter, frames };
}

test("what is found does not depend on how the bytes are split", () => {
  const sent = [write(0), write(5), write(50_000), write(1), encodeMessage("Rclunk", 7, {}), write(30_000)];
  const random = seededRandom(9);
  for (const largest of [1, 3, 100, 20_000, 200_000]) {
    const { splitter, frames } = collector();
    for (const piece of pieces(Buffer.concat(sent), random, largest)) splitter.push(piece);
    expect(frames).toEqual(sent.map((bytes) => bytes.toString("hex")));
    expect(splitter.pending).toBe(0);
  }
});

describe("a size that cannot be", () => {
  test.each([0, 6, LIMIT + 1, 0xffff_ffff])("%d", (size) => {
    for (const split of [4, 2]) {
      const { splitter, frames } = collector();
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(size);
      const push = (): void => {
        splitter.push(bytes.subarray(0, split));
        splitter.push(bytes.subarray(split));
      };
      expect(push).toThrow(`a 9P message of ${size} bytes, allowed are 7 to ${LIMIT}`);
      // For ever.
      let again: unknown;
      try {
        splitter.push(write(1));
      } catch (error) {
        again = error;
      }
      expect(isTswslError(again, "protocol")).toBe(true);
      expect(frames).toEqual([]);
    }
  });
});

test("the limit can be made larger between messages", () => {
  const { splitter, frames } = collector(100);
  splitter.push(write(10));
  splitter.limit = LIMIT;
  splitter.push(write(1000));
  expect(frames).toHaveLength(2);
});

test("a message that is kept stays while others follow", () => {
  const kept: Buffer[] = [];
  const splitter = new FrameSplitter(LIMIT, (bytes, start, end) => {
    kept.push(bytes.subarray(start, end));
    splitter.keep();
  });
  const sent = [write(1000), encodeMessage("Tclunk", 1, { fid: 9 }), write(1000)];
  for (const piece of pieces(Buffer.concat(sent), seededRandom(1), 300)) splitter.push(piece);
  expect(Buffer.concat(kept)).toEqual(Buffer.concat(sent));
});

test("paused it hands on nothing, and everything afterwards", () => {
  const sent = [write(1), write(2), write(3)].map((bytes) => bytes);
  const frames: number[] = [];
  const splitter = new FrameSplitter(LIMIT, (_bytes, start, end) => {
    frames.push(end - start);
    if (frames.length === 1) splitter.pause();
  });
  const all = Buffer.concat(sent);
  splitter.push(all.subarray(0, 40));
  splitter.push(all.subarray(40));
  expect(frames).toHaveLength(1);
  splitter.resume();
  expect(frames).toEqual(sent.map(({ length }) => length));
});
