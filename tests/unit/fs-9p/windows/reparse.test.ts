import { describe, expect, test } from "vitest";
import { linkTarget } from "../../../../src/fs-9p/host-disk/windows/link-target.ts";
import {
  decodeReparse,
  encodeLinuxSymlink,
  encodeRelativeSymlink,
  encodeTag,
} from "../../../../src/fs-9p/host-disk/windows/reparse.ts";
import { seededRandom } from "../../../support/random.ts";
import { mutated } from "../message-maker.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ""), "hex");

/** As `mklink /J link C:\x` writes it: substitute name `\??\C:\x`, print name `C:\x`. */
const junction = hex(`
  030000a0 2200 0000  0000 0e00 1000 0800
  5c003f003f005c0043003a005c007800 0000
  43003a005c007800`);

describe("a reparse point", () => {
  test("of mklink /J is a junction", () => {
    const bytes = Buffer.from(junction);
    bytes.writeUInt16LE(16, 10);
    bytes.writeUInt16LE(18, 12);
    bytes.writeUInt16LE(bytes.length - 8, 4);
    expect(decodeReparse(bytes)).toEqual({ kind: "junction", target: "\\??\\C:\\x" });
  });

  test("of WSL's link has a version and the target's bytes", () => {
    expect(encodeLinuxSymlink("/ä\xff")).toEqual(hex("1d0000a0 0700 0000 02000000 2fe4ff"));
    expect(decodeReparse(encodeLinuxSymlink("/ä\xff"))).toEqual({ kind: "linux-symlink", target: "/ä\xff" });
    const old = encodeLinuxSymlink("x");
    old.writeUInt32LE(1, 8);
    expect(decodeReparse(old)).toBeUndefined();
  });

  test("of Windows's relative link has the path twice", () => {
    const bytes = encodeRelativeSymlink("a\\b");
    expect(bytes).toEqual(hex("0c0000a0 1800 0000  0000 0600 0600 0600 01000000 61005c006200 61005c006200"));
    expect(decodeReparse(bytes)).toEqual({ kind: "symlink", target: "a\\b", relative: true });
  });

  test("of another kind is a tag", () => {
    expect(encodeTag(0x8000_0024)).toEqual(hex("24000080 0000 0000"));
    expect(decodeReparse(encodeTag(0x8000_0024))).toEqual({ kind: "other", tag: 0x8000_0024 });
  });

  test("whose names lie outside it, are empty or hold a NUL says nothing", () => {
    for (const [at, value] of [
      [8, 200],
      [10, 200],
      [10, 0],
      [4, 200],
    ] as const) {
      const bytes = encodeRelativeSymlink("a\\b");
      bytes.writeUInt16LE(value, at);
      expect(decodeReparse(bytes)).toBeUndefined();
    }
    expect(decodeReparse(encodeRelativeSymlink("a\0b"))).toBeUndefined();
    expect(decodeReparse(encodeLinuxSymlink("a\0b"))).toBeUndefined();
    expect(decodeReparse(encodeLinuxSymlink(""))).toBeUndefined();
  });

  test("of any bytes is read within them", () => {
    const samples = [junction, encodeLinuxSymlink("/etc"), encodeRelativeSymlink("..\\a"), encodeTag(1)];
    let understood = 0;
    for (let seed = 1; seed <= 5000; seed += 1) {
      const random = seededRandom(seed);
      const bytes = mutated(Buffer.from(samples[seed % samples.length] ?? junction), random);
      const point = decodeReparse(bytes);
      if (!point || point.kind === "other") continue;
      understood += 1;
      expect(point.target).not.toContain("\0");
      expect(point.target.length).toBeLessThanOrEqual(bytes.length);
      expect(typeof linkTarget(point)).toBe("string");
    }
    expect(understood).toBeGreaterThan(500);
  });
});

describe("a link's target", () => {
  test.each([
    ["\\??\\C:\\Users\\me", "/mnt/c/Users/me"],
    ["\\??\\D:\\", "/mnt/d"],
    ["\\??\\D:", "/mnt/d"],
    ["C:\\x", "/mnt/c/x"],
    ["\\\\?\\C:\\x", "/mnt/c/x"],
    ["\\??\\UNC\\server\\share\\x", "//?/UNC/server/share/x"],
    ["\\??\\Volume{1}\\", "//?/Volume{1}/"],
    ["\\??\\C:\\a\uf03ab", "/mnt/c/a:b"],
  ])("%s is %s", (target, linux) => {
    expect(linkTarget({ kind: "junction", target })).toBe(linux);
    expect(linkTarget({ kind: "symlink", target, relative: false })).toBe(linux);
  });

  test("begins where the distribution has its drives", () => {
    for (const root of ["/drives", "/drives/"])
      expect(linkTarget({ kind: "junction", target: "\\??\\C:\\x" }, root)).toBe("/drives/c/x");
  });
});
