import { describe, expect, test } from "vitest";
import { isTswslError } from "../../../../src/base/errors.ts";
import {
  decodeHeader,
  encodeHeader,
  YamuxDecoder,
  type YamuxHeader,
  type YamuxSink,
  type YamuxType,
} from "../../../../src/protocol/yamux/codec.ts";
import vectors from "../../../fixtures/yamux.json" with { type: "json" };
import { pieces, randomBytes } from "../../../support/bytes.ts";
import { seededRandom } from "../../../support/random.ts";

/** Writes down what a decoder finds; adjacent body parts are joined, since where they are split means nothing. */
class Recorder implements YamuxSink {
  readonly events: string[] = [];
  #body: Buffer[] = [];

  header({ type, flags, streamId, length }: YamuxHeader): void {
    this.events.push(`${type} ${flags} ${streamId} ${length}`);
  }
  body(bytes: Buffer): void {
    if (bytes.length === 0) this.events.push("an empty body part");
    this.#body.push(bytes);
  }
  bodyEnd(): void {
    this.events.push(Buffer.concat(this.#body).toString("hex"));
    this.#body = [];
  }
}

function record(chunks: Buffer[]): string[] {
  const recorder = new Recorder();
  const decoder = new YamuxDecoder(recorder);
  for (const chunk of chunks) decoder.push(chunk);
  return recorder.events;
}

describe("golden vectors", () => {
  test.each(vectors)("$name", ({ type, flags, streamId, length, headerHex }) => {
    // The fixture holds the four types only; decodeHeader below would refuse another.
    const header: YamuxHeader = { type: type as YamuxType, flags, streamId, length };
    expect(encodeHeader(header).toString("hex")).toBe(headerHex);
    expect(decodeHeader(Buffer.from(headerHex, "hex"))).toEqual(header);
  });
});

test.each([
  ["version 1", "010000000000000100000000", "unknown yamux version 1"],
  ["type 4", "000400000000000100000000", "unknown yamux frame type 4"],
  ["flag 16", "000000100000000100000000", "unknown yamux flags 16"],
  ["data on stream 0", "000000000000000000000000", "yamux frame type 0 cannot be about stream 0"],
  ["a ping about a stream", "000200010000000100000000", "yamux frame type 2 cannot be about stream 1"],
])("%s is refused, and the decoder stays failed", (_, hex, message) => {
  const decoder = new YamuxDecoder(new Recorder());
  expect(() => decoder.push(Buffer.from(hex, "hex"))).toThrow(message);
  const good = encodeHeader({ type: 2, flags: 1, streamId: 0, length: 1 });
  expect(() => decoder.push(good)).toThrow(message);
});

test("what is found does not depend on how the bytes are split", () => {
  const random = seededRandom(7);
  const stream = Buffer.concat(
    Array.from({ length: 200 }, (_, index) => {
      const body = randomBytes(Math.floor(random() * 300), index);
      if (index % 3 === 0)
        return encodeHeader({ type: 1, flags: index % 16, streamId: index + 1, length: index });
      return Buffer.concat([
        encodeHeader({ type: 0, flags: 0, streamId: index + 1, length: body.length }),
        body,
      ]);
    }),
  );
  const whole = record([stream]);
  expect(whole.length).toBeGreaterThan(200);
  for (const largest of [1, 13, 500, 5000]) expect(record(pieces(stream, random, largest))).toEqual(whole);
});

test("bodies are views of what was pushed: a header alone allocates nothing", () => {
  const parts: Buffer[] = [];
  const decoder = new YamuxDecoder({
    header: () => {},
    body: (bytes) => parts.push(bytes),
    bodyEnd: () => {},
  });
  decoder.push(encodeHeader({ type: 0, flags: 0, streamId: 1, length: 0xffff_ffff }));
  const chunk = Buffer.from("part");
  decoder.push(chunk);
  expect(parts).toEqual([chunk]);
  expect(parts[0]?.buffer).toBe(chunk.buffer);
});

test("random bytes end in a protocol error or in waiting for more", () => {
  const random = seededRandom(11);
  const failures: unknown[] = [];
  for (let round = 0; round < 500; round += 1) {
    const decoder = new YamuxDecoder(new Recorder());
    const bytes = randomBytes(200, round);
    // Half of the rounds begin with a valid version and type, to get further.
    if (round % 2 === 0) bytes.writeUInt16BE(Math.floor(random() * 4), 0);
    try {
      for (const piece of pieces(bytes, random, 40)) decoder.push(piece);
    } catch (error) {
      failures.push(error);
    }
  }
  expect(failures.filter((error) => !isTswslError(error, "protocol"))).toEqual([]);
  expect(failures.length).toBeGreaterThan(100);
});
