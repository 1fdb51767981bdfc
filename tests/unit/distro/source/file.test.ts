import { createHash } from "node:crypto";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { constants, gzipSync, zstdCompressSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Progress } from "../../../../src/protocol/daemon.ts";
import { decompressOnHost } from "../../../../src/distro/source/decompress.ts";
import { FileSource } from "../../../../src/distro/source/file.ts";
import { rejection } from "../../../support/rejection.ts";
import { bigTar } from "./tar.ts";

const tar = bigTar(3_000_000);
const { signal } = new AbortController();
let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "tswsl-file-"));
  path = join(directory, "image");
});

afterEach(() => rm(directory, { recursive: true }));

test.each([
  ["none", tar],
  ["gzip", gzipSync(tar)],
  ["zstd", zstdCompressSync(tar)],
])("%s flows as it is, and as plain tar when unpacked on the host", async (compression, content) => {
  await writeFile(path, content);
  for (const unpack of [false, true]) {
    const source = new FileSource({ path });
    const opened = await source.open(signal, () => undefined);
    expect([opened.compression, opened.size]).toEqual([compression, content.length]);
    const { stream } = unpack ? decompressOnHost(opened, tar.length) : opened;
    expect((await buffer(stream)).equals(unpack ? tar : content)).toBe(true);
    await source.close();
    await source.close();
  }
});

test("a hash that fits is checked with progress before anything flows", async () => {
  await writeFile(path, tar);
  const reports: Progress[] = [];
  const sha256 = `0x${createHash("sha256").update(tar).digest("hex").toUpperCase()}`;
  const source = new FileSource({ path, sha256 });
  await source.open(signal, (progress) => reports.push(progress));
  expect(reports.at(-1)).toEqual({ phase: "Checking", done: tar.length, total: tar.length });
  await source.close();
});

describe("refused", () => {
  const refusal = async (request: { sha256?: string } = {}): Promise<unknown> => {
    const source = new FileSource({ path, ...request });
    return source
      .open(signal, () => undefined)
      .then(
        () => undefined,
        (error: unknown) => error,
      );
  };

  test("another hash, with both", async () => {
    await writeFile(path, tar);
    const error = await refusal({ sha256: "a".repeat(64) });
    expect(error).toMatchObject({
      code: "invalid-argument",
      message: expect.stringMatching(/has SHA-256 [0-9a-f]{64}, not a{64}/),
    });
  });

  test("what is no hash", async () => {
    await writeFile(path, tar);
    expect(await refusal({ sha256: "abc" })).toMatchObject({ code: "invalid-argument" });
  });

  test("what is no archive", async () => {
    await writeFile(path, "hello\n");
    expect(await refusal()).toMatchObject({
      code: "invalid-argument",
      hint: expect.stringContaining(".tar.gz"),
    });
  });

  test("an empty file, a missing one, a directory", async () => {
    expect(await refusal()).toMatchObject({ code: "not-found", message: `the file ${path} does not exist` });
    await writeFile(path, "");
    expect(await refusal()).toMatchObject({ code: "invalid-argument" });
    path = directory;
    expect(await refusal()).toMatchObject({
      code: "invalid-argument",
      message: expect.stringContaining("is a directory"),
    });
  });

  test.skipIf(process.getuid?.() === 0)("an unreadable one (needs a user who is not root)", async () => {
    await writeFile(path, tar);
    await chmod(path, 0);
    expect(await refusal()).toMatchObject({ code: "permission" });
  });

  test("a cancelled call", async () => {
    await writeFile(path, tar);
    const source = new FileSource({ path, sha256: "a".repeat(64) });
    const controller = new AbortController();
    const opening = source.open(controller.signal, () => controller.abort());
    await expect(opening).rejects.toMatchObject({ code: "cancelled" });
  });
});

describe("a damaged archive fails in its stream as the user's fault", () => {
  const zstd = zstdCompressSync(tar, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
  const flipped = Buffer.from(zstd);
  flipped.fill(0xff, 100_000, 100_100);
  test.each([
    ["gzip, cut short", gzipSync(tar).subarray(0, 100_000)],
    ["zstd, cut short", zstd.subarray(0, 100_000)],
    ["zstd, a whole frame of less", zstdCompressSync(tar.subarray(0, 1024))],
    ["zstd, other bytes", flipped],
  ])("%s", async (_, content) => {
    await writeFile(path, content);
    const source = new FileSource({ path });
    const { stream } = decompressOnHost(await source.open(signal, () => undefined), tar.length);
    const error = await rejection(buffer(stream));
    expect(error).toMatchObject({ code: "invalid-argument", message: expect.stringContaining("damaged") });
    await source.close();
  });
});

test("zstd of an unknown size is left to the guest", async () => {
  await writeFile(path, zstdCompressSync(tar));
  const source = new FileSource({ path });
  const opened = await source.open(signal, () => undefined);
  expect(decompressOnHost(opened)).toBe(opened);
  await source.close();
});
