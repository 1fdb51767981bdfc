/** What a dynamically linked program or library needs to run. */
export interface ElfNeeds {
  interpreter: string | undefined;
  /** Names such as `libc.so.6`. */
  libraries: string[];
}

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const DT_NULL = 0;
const DT_NEEDED = 1;
const DT_STRTAB = 5;

/**
 * Reads the needs of a 64-bit little-endian ELF file; undefined for a file that is not one. Done here because `ldd` would
 * run the program and `readelf` is in a package that the image does not otherwise need.
 */
export function elfNeeds(file: Buffer): ElfNeeds | undefined {
  if (file.length < 64 || file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1)
    return undefined;
  const segments = readSegments(file);
  const interpreter = segments.find((segment) => segment.type === PT_INTERP);
  return {
    interpreter: interpreter && text(file, interpreter.offset),
    libraries: readNeeded(file, segments),
  };
}

interface Segment {
  type: number;
  offset: number;
  address: number;
  size: number;
}

function readSegments(file: Buffer): Segment[] {
  const start = Number(file.readBigUInt64LE(32));
  const size = file.readUInt16LE(54);
  return Array.from({ length: file.readUInt16LE(56) }, (_, i) => {
    const at = start + i * size;
    return {
      type: file.readUInt32LE(at),
      offset: Number(file.readBigUInt64LE(at + 8)),
      address: Number(file.readBigUInt64LE(at + 16)),
      size: Number(file.readBigUInt64LE(at + 32)),
    };
  });
}

function readNeeded(file: Buffer, segments: readonly Segment[]): string[] {
  const dynamic = segments.find((segment) => segment.type === PT_DYNAMIC);
  if (!dynamic) return [];
  const needed: number[] = [];
  let strings = 0;
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16) {
    const tag = Number(file.readBigUInt64LE(at));
    const value = Number(file.readBigUInt64LE(at + 8));
    if (tag === DT_NULL) break;
    if (tag === DT_NEEDED) needed.push(value);
    // The table is named by its address in memory, so the segment loaded there says where it is in the file.
    if (tag === DT_STRTAB) strings = fileOffset(segments, value);
  }
  return needed.map((offset) => text(file, strings + offset));
}

function fileOffset(segments: readonly Segment[], address: number): number {
  const home = segments.find(
    (s) => s.type === PT_LOAD && address >= s.address && address < s.address + s.size,
  );
  if (!home) throw new Error("the ELF file names an address that it does not load");
  return address - home.address + home.offset;
}

function text(file: Buffer, at: number): string {
  return file.toString("latin1", at, file.indexOf(0, at));
}
