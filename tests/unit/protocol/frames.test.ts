import { describe, expect, test } from "vitest";
import { isTswslError } from "../../../src/base/errors.ts";
import {
  encodeFrame,
  encodeResize,
  encodeWindow,
  type Frame,
  FrameDecoder,
  FrameType,
} from "../../../src/protocol/frames.ts";
import vectors from "../../fixtures/frames.json" with { type: "json" };
import { pieces, randomBytes } from "../../support/bytes.ts";
import { seededRandom } from "../../support/random.ts";

const bytesOf = (hex: string): Buffer => Buffer.from(hex, "hex");
const plain = ({ type, payload }: Frame): [number, string] => [type, payload.toString("hex")];

describe("golden vectors", () => {
  test("cover every type", () => {
    expect(new Set(vectors.map(({ type }) => type))).toEqual(new Set(Object.values(FrameType)));
  });

  test.each(vectors)("$name", ({ type, payloadHex, frameHex }) => {
    // The fixture holds known types only, see the test above.
    expect(encodeFrame(type as FrameType, bytesOf(payloadHex)).toString("hex")).toBe(frameHex);
    expect(new FrameDecoder().push(bytesOf(frameHex)).map(plain)).toEqual([[type, payloadHex]]);
  });

  test("the helpers write what the vectors say", () => {
    const frame = (name: string): string | undefined =>
      vectors.find((vector) => vector.name === name)?.frameHex;
    expect(encodeResize(24, 80).toString("hex")).toBe(frame("resize 24x80"));
    expect(encodeWindow(FrameType.stdout, 1024 * 1024).toString("hex")).toBe(frame("window stdout 1 MiB"));
  });
});

test("what is found does not depend on how the bytes are split", () => {
  const random = seededRandom(3);
  const all = Buffer.concat([
    ...vectors.map(({ frameHex }) => bytesOf(frameHex)),
    encodeFrame(FrameType.stdout, randomBytes(64 * 1024)),
    encodeFrame(FrameType.header, randomBytes(300_000)),
  ]);
  const whole = new FrameDecoder().push(all).map(plain);
  expect(whole).toHaveLength(vectors.length + 2);
  for (const largest of [1, 7, 1000, 100_000]) {
    const decoder = new FrameDecoder();
    expect(
      pieces(all, random, largest)
        .flatMap((piece) => decoder.push(piece))
        .map(plain),
    ).toEqual(whole);
    expect(decoder.pending).toHaveLength(0);
  }
});

test.each([
  ["type 0", "00000000", "unknown frame type 0"],
  ["type 11", "0b000000", "unknown frame type 11"],
  ["stdin over 64 KiB", "02010001", "exceeds 65536"],
  ["a header over 1 MiB", "01100001", "exceeds 1048576"],
  ["an exit of one byte", "08000001", "must have 2 bytes"],
  ["a resize of three bytes", "06000003", "must have 4 bytes"],
  ["a window of six bytes", "05000006", "exceeds 5"],
])("%s is refused before its payload arrives", (_, hex, message) => {
  expect(() => new FrameDecoder().push(bytesOf(hex))).toThrow(
    expect.objectContaining({ code: "protocol", message: expect.stringContaining(message) }),
  );
});

test("the largest of each kind passes", () => {
  const frames = [
    encodeFrame(FrameType.stderr, Buffer.alloc(65_536)),
    encodeFrame(FrameType.error, Buffer.alloc(1_048_576)),
  ];
  const found = new FrameDecoder().push(Buffer.concat(frames));
  expect(found.map(({ payload }) => payload.length)).toEqual([65_536, 1_048_576]);
});

test("bytes after the last complete frame are kept", () => {
  const decoder = new FrameDecoder();
  expect(decoder.push(bytesOf("07000001020600"))).toHaveLength(1);
  expect(decoder.pending.toString("hex")).toBe("0600");
});

test("random bytes end in a protocol error or in waiting for more", () => {
  const random = seededRandom(5);
  const failures: unknown[] = [];
  for (let round = 0; round < 500; round += 1) {
    const decoder = new FrameDecoder();
    const bytes = randomBytes(400, round);
    bytes.writeUInt32BE(((1 + Math.floor(random() * 10)) << 24) | Math.floor(random() * 8), 0);
    try {
      for (const piece of pieces(bytes, random, 60)) decoder.push(piece);
    } catch (error) {
      failures.push(error);
    }
  }
  expect(failures.filter((error) => !isTswslError(error, "protocol"))).toEqual([]);
  expect(failures.length).toBeGreaterThan(200);
});
