import type { Qid } from "../file-system.ts";

/** Most elements of a Twalk (MAXWELEM of Plan 9's walk(5)); no message holds more names or qids. */
export const MAX_WALK_NAMES = 16;

/**
 * Reads the primitives of 9P (little endian) from a part of a buffer. Reading past the end sets {@link overflowed}, which
 * stays, and gives zeros: a decoder asks once, at its end. Nothing is allocated on a length's word before that many bytes
 * are known to be there.
 */
export class WireReader {
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;
  #overflowed = false;

  constructor(bytes: Buffer, start = 0, end: number = bytes.length) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  /** Something was missing, or longer than the protocol allows. */
  get overflowed(): boolean {
    return this.#overflowed;
  }

  get remaining(): number {
    return this.#end - this.#at;
  }

  u8(): number {
    const at = this.#take(1);
    return at < 0 ? 0 : byte(this.#bytes, at);
  }

  u16(): number {
    const at = this.#take(2);
    return at < 0 ? 0 : byte(this.#bytes, at) | (byte(this.#bytes, at + 1) << 8);
  }

  u32(): number {
    const at = this.#take(4);
    if (at < 0) return 0;
    const bytes = this.#bytes;
    const low = byte(bytes, at) | (byte(bytes, at + 1) << 8) | (byte(bytes, at + 2) << 16);
    return low + byte(bytes, at + 3) * 0x100_0000;
  }

  /** Exact below 2^53; above, a number that is certainly greater. */
  u64(): number {
    const low = this.u32();
    return low + this.u32() * 0x1_0000_0000;
  }

  /** Two's complement; exact for what a time can be. */
  i64(): number {
    const low = this.u32();
    return low + (this.u32() | 0) * 0x1_0000_0000;
  }

  /** All 64 bits, for what is only handed back: the offset of a directory entry may be a hash. */
  cookie(): bigint {
    const at = this.#take(8);
    return at < 0 ? 0n : this.#bytes.readBigUInt64LE(at);
  }

  /** A byte string, see file-system.ts. */
  str(): string {
    const length = this.u16();
    const at = this.#take(length);
    return at < 0 ? "" : this.#bytes.toString("latin1", at, at + length);
  }

  names(): string[] {
    const count = this.#count();
    const names: string[] = [];
    for (let index = 0; index < count; index += 1) names.push(this.str());
    return names;
  }

  /** Paths of 2^53 and more are folded: the low 32 bits stay, the high ones are mixed into 21. */
  qid(): Qid {
    const type = this.u8();
    const version = this.u32();
    const low = this.u32();
    const high = this.u32();
    return { type, version, path: low + ((high ^ (high >>> 21)) & 0x1f_ffff) * 0x1_0000_0000 };
  }

  qids(): Qid[] {
    const count = this.#count();
    const qids: Qid[] = [];
    for (let index = 0; index < count; index += 1) qids.push(this.qid());
    return qids;
  }

  /** A view of the bytes, not a copy. */
  data(): Buffer {
    const length = this.u32();
    const at = this.#take(length);
    return at < 0 ? Buffer.alloc(0) : this.#bytes.subarray(at, at + length);
  }

  #count(): number {
    const count = this.u16();
    if (count <= MAX_WALK_NAMES) return count;
    this.#overflowed = true;
    return 0;
  }

  /** Where `length` bytes begin that are there, or -1. */
  #take(length: number): number {
    const at = this.#at;
    if (length > this.#end - at) {
      this.#overflowed = true;
      this.#at = this.#end;
      return -1;
    }
    this.#at = at + length;
    return at;
  }
}

/** The reader has checked that the index is inside. */
function byte(bytes: Buffer, at: number): number {
  return bytes[at] as number;
}
