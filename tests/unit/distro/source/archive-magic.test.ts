import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { detectArchive } from "../../../../src/distro/source/archive-magic.ts";
import { seeded } from "../fuzz.ts";
import { tarOf } from "./tar.ts";

const tar = tarOf(Buffer.from("hello"));

test.each([
  ["none", tar],
  ["none", tarOf(Buffer.from("x"), "ustar  \0")],
  ["none", tarOf(Buffer.from("x"), "")],
  ["gzip", gzipSync(tar)],
  ["zstd", zstdCompressSync(tar)],
  ["xz", Buffer.from("fd377a585a0000", "hex")],
])("%s", (compression, head) => {
  expect(detectArchive(head)).toBe(compression);
});

describe("no archive", () => {
  test.each([
    ["nothing", Buffer.alloc(0)],
    ["one byte", Buffer.from([0x1f])],
    ["text", Buffer.from("hello\n".repeat(200))],
    ["zeroes", Buffer.alloc(1024)],
    ["a zip", Buffer.concat([Buffer.from("PK\u0003\u0004"), Buffer.alloc(600)])],
    ["an ELF program", Buffer.concat([Buffer.from("\u007fELF"), Buffer.alloc(600)])],
    ["a VHDX", Buffer.concat([Buffer.from("vhdxfile"), Buffer.alloc(600)])],
    ["a tar cut in its header", tar.subarray(0, 300)],
    ["an old tar with a wrong sum", Buffer.from(tarOf(Buffer.from("x"), "")).fill("A", 0, 4)],
  ])("%s", (_, head) => {
    expect(detectArchive(head)).toBeUndefined();
  });
});

test("random bytes are no tar, and never make it throw", () => {
  const below = seeded(3);
  for (let round = 0; round < 500; round++) {
    const head = Buffer.from(Array.from({ length: below(700) }, () => below(256)));
    expect([undefined, "gzip", "xz", "zstd"]).toContain(detectArchive(head));
  }
});
