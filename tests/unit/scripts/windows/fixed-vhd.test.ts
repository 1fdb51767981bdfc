import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FOOTER_BYTES, fixedVhdFooter, makeFixedVhd } from "../../../../scripts/windows/fixed-vhd.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const id = Buffer.alloc(16, 7);
const MiB = 1024 * 1024;

describe("the footer of a fixed VHD", () => {
  const footer = fixedVhdFooter(20 * MiB, id);

  test("has the fields of the specification", () => {
    expect(footer).toHaveLength(FOOTER_BYTES);
    expect(footer.toString("latin1", 0, 8)).toBe("conectix");
    expect(footer.readUInt32BE(8)).toBe(2);
    expect(footer.readUInt32BE(12)).toBe(0x10000);
    expect(footer.readBigUInt64BE(16)).toBe(0xffff_ffff_ffff_ffffn);
    expect(footer.readBigUInt64BE(40)).toBe(BigInt(20 * MiB));
    expect(footer.readBigUInt64BE(48)).toBe(BigInt(20 * MiB));
    expect(footer.readUInt32BE(60)).toBe(2);
    expect(footer.subarray(68, 84)).toEqual(id);
  });

  test("adds up to its checksum", () => {
    const sum = footer.reduce((total, byte, at) => (at >= 64 && at < 68 ? total : total + byte), 0);
    expect(footer.readUInt32BE(64)).toBe(~sum >>> 0);
  });

  // The geometries that qemu-img 7.2 writes for disks of these sizes.
  test.each([
    [4_212_736, 121, 4, 17],
    [20_994_048, 603, 4, 17],
    [1_073_995_776, 2081, 16, 63],
    [256 * 1024 * MiB, 65_535, 16, 255],
  ])("has the geometry of %d bytes", (bytes, cylinders, heads, sectors) => {
    const found = fixedVhdFooter(bytes, id);
    expect([found.readUInt16BE(56), found[58], found[59]]).toEqual([cylinders, heads, sectors]);
  });

  test("is refused for what is no disk", () => {
    expect(() => fixedVhdFooter(513, id)).toThrow(RangeError);
    expect(() => fixedVhdFooter(0, id)).toThrow(RangeError);
    expect(() => fixedVhdFooter(512, Buffer.alloc(15))).toThrow(RangeError);
  });
});

test("an image is padded to whole MiB, and the same image gives the same file", async () => {
  const folder = await temporaryDirectory();
  const image = join(folder, "image");
  await writeFile(image, Buffer.alloc(MiB + 5, 3));
  await makeFixedVhd(image, join(folder, "a.vhd"));
  await makeFixedVhd(image, join(folder, "b.vhd"));
  const made = await readFile(join(folder, "a.vhd"));
  expect(made).toHaveLength(2 * MiB + FOOTER_BYTES);
  expect(made.subarray(0, MiB + 5)).toEqual(Buffer.alloc(MiB + 5, 3));
  expect(made.subarray(MiB + 5, 2 * MiB).every((byte) => byte === 0)).toBe(true);
  expect(made.readBigUInt64BE(2 * MiB + 48)).toBe(BigInt(2 * MiB));
  expect(await readFile(join(folder, "b.vhd"))).toEqual(made);
});
