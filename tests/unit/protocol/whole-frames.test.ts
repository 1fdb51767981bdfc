import { describe, expect, test } from "vitest";
import { encodeFrame, encodeJsonFrame, FrameDecoder, FrameType } from "../../../src/protocol/frames.ts";
import { WholeFrames } from "../../../src/protocol/whole-frames.ts";
import { randomBytes } from "../../support/bytes.ts";
import { seededRandom } from "../../support/random.ts";

const exit = encodeFrame(FrameType.exit, Buffer.of(0, 0));

function frames(random: () => number): Buffer {
  const parts = Array.from({ length: 40 }, (_, index) => {
    const size = Math.floor(random() ** 4 * 65_536);
    return encodeFrame(index % 2 ? FrameType.stdout : FrameType.stderr, randomBytes(size, index));
  });
  return Buffer.concat(parts);
}

describe("however the bytes are cut", () => {
  test.each([1, 2, 3, 4, 5])("what has been passed on ends at a boundary (seed %d)", (seed) => {
    const random = seededRandom(seed);
    const bytes = Buffer.concat([frames(random), exit]);
    const whole = new WholeFrames();
    const passed: Buffer[] = [];
    for (let at = 0; at < bytes.length;) {
      const size = 1 + Math.floor(random() ** 6 * 100_000);
      passed.push(...whole.push(bytes.subarray(at, at + size)));
      const decoder = new FrameDecoder();
      decoder.push(Buffer.concat(passed));
      expect(decoder.pending).toHaveLength(0);
      at += size;
    }
    expect(Buffer.concat(passed).equals(bytes)).toBe(true);
    expect(whole.over).toBe(true);
  });

  test("one byte at a time", () => {
    const bytes = Buffer.concat([encodeFrame(FrameType.stdout, Buffer.from("ab")), exit]);
    const whole = new WholeFrames();
    const passed = [...bytes].map((_, at) =>
      Buffer.concat(whole.push(bytes.subarray(at, at + 1))).toString("latin1"),
    );
    const expected = [...bytes].map((_, at) =>
      at === 5 ? bytes.toString("latin1", 0, 6) : at === 11 ? bytes.toString("latin1", 6) : "",
    );
    expect(passed).toEqual(expected);
  });
});

test("a whole frame is passed on as it came, without a copy", () => {
  const frame = encodeFrame(FrameType.stdout, Buffer.from("abc"));
  expect(new WholeFrames().push(frame)[0]?.buffer).toBe(frame.buffer);
});

test.each([exit, encodeJsonFrame(FrameType.error, {})])("nothing follows the last frame", (last) => {
  const whole = new WholeFrames();
  expect(Buffer.concat(whole.push(Buffer.concat([last, exit]))).equals(last)).toBe(true);
  expect(whole.push(exit)).toEqual([]);
});

test.each([
  ["an unknown type", Buffer.of(0x7f, 0, 0, 0)],
  ["a frame over its limit", Buffer.of(FrameType.stdout, 1, 0, 1)],
  ["an exit of another size", Buffer.of(FrameType.exit, 0, 0, 3)],
])("%s is refused before it is held", (_, bytes) => {
  expect(() => new WholeFrames().push(bytes)).toThrow(expect.objectContaining({ code: "protocol" }));
});
