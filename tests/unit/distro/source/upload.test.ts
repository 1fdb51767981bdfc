import { PassThrough, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { UploadSource } from "../../../../src/distro/source/upload.ts";
import { bigTar, tarOf } from "./tar.ts";

const { signal } = new AbortController();
const inPieces = (content: Buffer, size: number): Readable =>
  Readable.from(
    Array.from({ length: Math.ceil(content.length / size) }, (_, at) =>
      content.subarray(at * size, (at + 1) * size),
    ),
  );

test.each([1, 7, 511, 512, 65_536])("whole, in pieces of %i bytes", async (size) => {
  const tar = tarOf(Buffer.from("hello"));
  const source = new UploadSource(inPieces(tar, size));
  const { stream, compression, size: known } = await source.open(signal);
  expect([compression, known]).toEqual(["none", undefined]);
  expect((await buffer(stream)).equals(tar)).toBe(true);
  await source.close();
});

test("a compressed archive shorter than a tar header", async () => {
  const small = gzipSync(tarOf(Buffer.from("hello")));
  expect(small.length).toBeLessThan(512);
  const { stream, compression } = await new UploadSource(inPieces(small, 100)).open(signal);
  expect(compression).toBe("gzip");
  expect((await buffer(stream)).equals(small)).toBe(true);
});

test("reading is driven by the reader: a large input is not held in memory", async () => {
  let given = 0;
  const tar = bigTar(8_000_000);
  const input = Readable.from(
    (function* () {
      for (let at = 0; at < tar.length; at += 10_000) {
        given += 10_000;
        yield tar.subarray(at, at + 10_000);
      }
    })(),
  );
  const { stream } = await new UploadSource(input).open(signal);
  await new Promise((resolve) => stream.once("readable", resolve));
  expect(given).toBeLessThan(1_000_000);
  stream.destroy();
  await new Promise((resolve) => input.once("close", resolve));
});

describe("refused", () => {
  test.each([
    ["nothing", Buffer.alloc(0), /nothing came/],
    ["no archive", Buffer.from("hello\n".repeat(1000)), /not an archive/],
  ])("%s", async (_, content, message) => {
    const input = inPieces(content, 100);
    await expect(new UploadSource(input).open(signal)).rejects.toMatchObject({
      code: "invalid-argument",
      message: expect.stringMatching(message),
    });
    expect(input.destroyed).toBe(true);
  });

  test("a silent input, when the call is cancelled", async () => {
    const controller = new AbortController();
    const input = new PassThrough();
    const opening = new UploadSource(input).open(controller.signal);
    controller.abort();
    await expect(opening).rejects.toMatchObject({ code: "cancelled" });
    expect(input.destroyed).toBe(true);
  });
});

test("closing ends a reader that waits for more", async () => {
  const input = new PassThrough();
  input.write(tarOf(Buffer.from("hello")));
  const source = new UploadSource(input);
  const { stream } = await source.open(signal);
  const reading = buffer(stream);
  await source.close();
  await expect(reading).rejects.toThrow(/premature|aborted/i);
});

test("what is read can be given up while nothing comes", async () => {
  const input = new PassThrough();
  input.write(tarOf(Buffer.from("hello")).subarray(0, 600));
  const { stream } = await new UploadSource(input).open(signal);
  stream.resume();
  await new Promise((resolve) => setImmediate(resolve));
  const closed = new Promise((resolve) => stream.once("close", resolve));
  stream.destroy();
  await closed;
  expect(input.destroyed).toBe(true);
});
