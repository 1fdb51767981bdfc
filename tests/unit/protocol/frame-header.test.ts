import { once } from "node:events";
import { PassThrough } from "node:stream";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { ClientHeader } from "../../../src/protocol/daemon.ts";
import { readHeader } from "../../../src/protocol/frame-header.ts";
import { encodeFrame, encodeJsonFrame, FrameType } from "../../../src/protocol/frames.ts";
import { pieces, randomBytes, readAll } from "../../support/bytes.ts";
import { duplexPair } from "../../support/duplex-pair.ts";
import { seededRandom } from "../../support/random.ts";
import { rejection } from "../../support/rejection.ts";

const limit = (): AbortSignal => AbortSignal.timeout(8000);
const header = encodeJsonFrame(FrameType.header, { kind: "upload", token: "t" });

test("what follows the header stays in the stream, however it was split", async () => {
  const rest = randomBytes(100_000);
  for (const largest of [1, 3, 200_000]) {
    const [left, right] = duplexPair();
    const all = Buffer.concat([header, largest === 1 ? rest.subarray(0, 300) : rest]);
    for (const piece of pieces(all, seededRandom(largest), largest)) left.write(piece);
    left.end();
    expect(await readHeader(right, ClientHeader, limit())).toEqual({ kind: "upload", token: "t" });
    expect((await readAll(right)).equals(all.subarray(header.length))).toBe(true);
  }
});

test("a header and the end in one go leave an empty stream", async () => {
  const stream = new PassThrough();
  stream.end(header);
  await readHeader(stream, ClientHeader, limit());
  expect(await readAll(stream)).toHaveLength(0);
});

describe("refused", () => {
  test.each([
    ["another frame first", encodeFrame(FrameType.stdin, Buffer.from("x")), "begins with frame type 2"],
    ["an unknown kind", encodeJsonFrame(FrameType.header, { kind: "shell" }), "malformed"],
    ["no JSON", encodeFrame(FrameType.header, Buffer.from("{")), "does not hold JSON"],
    ["a length over the limit", Buffer.from("01ffffff", "hex"), "exceeds"],
    ["an HTTP request", Buffer.from("GET / HTTP/1.1\r\n\r\n"), "begins with frame type 71"],
  ])("%s", async (_, bytes, message) => {
    const stream = new PassThrough();
    stream.write(bytes);
    await expect(readHeader(stream, ClientHeader, limit())).rejects.toMatchObject({
      code: "protocol",
      message: expect.stringContaining(message),
    });
  });

  test("a stream that ends within the header", async () => {
    const stream = new PassThrough();
    stream.end(header.subarray(0, 9));
    await expect(readHeader(stream, v.unknown(), limit())).rejects.toMatchObject({ code: "disconnected" });
  });

  test("a stream that fails within the header", async () => {
    const stream = new PassThrough();
    const reading = rejection(readHeader(stream, v.unknown(), limit()));
    stream.destroy(new Error("reset"));
    expect(await reading).toMatchObject({
      code: "disconnected",
    });
  });

  test("when the caller gives up", async () => {
    const [left, right] = duplexPair();
    const abort = new AbortController();
    const reading = rejection(readHeader(right, v.unknown(), abort.signal));
    left.write(header.subarray(0, 3));
    abort.abort();
    expect(await reading).toMatchObject({
      code: "cancelled",
    });
    right.destroy();
    await once(left, "close", { signal: limit() });
  });
});
