import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, open, stat } from "node:fs/promises";

/** Hyper-V reads whole sectors; a whole MiB is what every tool that makes such files keeps to. */
const ALIGNMENT = 1024 * 1024;
const SECTOR = 512;
export const FOOTER_BYTES = 512;

const NO_NEXT_STRUCTURE = 0xffff_ffff_ffff_ffffn;
const FIXED = 2;
/** "Reserved", which the specification wants set. */
const FEATURES = 2;
const FORMAT_VERSION = 0x0001_0000;
const CHECKSUM_AT = 64;

/**
 * The footer that makes a raw disk a fixed VHD ("Virtual Hard Disk Image Format Specification", Microsoft, 2006). Numbers
 * are big-endian. The time of creation is left at its epoch, so that equal disks give equal files.
 *
 * @param bytes the disk's size, a multiple of 512.
 * @param id 16 bytes that no other disk has.
 */
export function fixedVhdFooter(bytes: number, id: Uint8Array): Buffer {
  if (bytes <= 0 || bytes % SECTOR !== 0) throw new RangeError(`a disk cannot have ${bytes} bytes`);
  if (id.length !== 16) throw new RangeError(`a disk's id has 16 bytes, not ${id.length}`);
  const footer = Buffer.alloc(FOOTER_BYTES);
  footer.write("conectix", 0, "latin1");
  footer.writeUInt32BE(FEATURES, 8);
  footer.writeUInt32BE(FORMAT_VERSION, 12);
  footer.writeBigUInt64BE(NO_NEXT_STRUCTURE, 16);
  footer.write("tsws", 28, "latin1");
  footer.writeUInt32BE(FORMAT_VERSION, 32);
  footer.write("Wi2k", 36, "latin1");
  footer.writeBigUInt64BE(BigInt(bytes), 40);
  footer.writeBigUInt64BE(BigInt(bytes), 48);
  const { cylinders, heads, sectors } = geometry(bytes / SECTOR);
  footer.writeUInt16BE(cylinders, 56);
  footer.writeUInt8(heads, 58);
  footer.writeUInt8(sectors, 59);
  footer.writeUInt32BE(FIXED, 60);
  footer.set(id, 68);
  const sum = footer.reduce((total, byte) => total + byte, 0);
  footer.writeUInt32BE(~sum >>> 0, CHECKSUM_AT);
  return footer;
}

/** The specification's own algorithm (its appendix "CHS Calculation"), which readers compare with. */
function geometry(allSectors: number): { cylinders: number; heads: number; sectors: number } {
  const total = Math.min(allSectors, 65_535 * 16 * 255);
  if (total >= 65_535 * 16 * 63) return { cylinders: Math.floor(total / 255 / 16), heads: 16, sectors: 255 };
  let sectors = 17;
  let tracks = Math.floor(total / sectors);
  let heads = Math.max(4, Math.floor((tracks + 1023) / 1024));
  if (tracks >= heads * 1024 || heads > 16) {
    sectors = 31;
    heads = 16;
    tracks = Math.floor(total / sectors);
  }
  if (tracks >= heads * 1024) {
    sectors = 63;
    heads = 16;
    tracks = Math.floor(total / sectors);
  }
  return { cylinders: Math.floor(tracks / heads), heads, sectors };
}

/** Makes a fixed VHD of a raw image, which is padded with zeros. Nobody may see `target` before this has returned. */
export async function makeFixedVhd(image: string, target: string): Promise<void> {
  await copyFile(image, target);
  const { size } = await stat(image);
  const bytes = Math.ceil(size / ALIGNMENT) * ALIGNMENT;
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(image)) hash.update(chunk);
  const file = await open(target, "r+");
  try {
    await file.truncate(bytes);
    await file.write(fixedVhdFooter(bytes, hash.digest().subarray(0, 16)), 0, FOOTER_BYTES, bytes);
  } finally {
    await file.close();
  }
}
