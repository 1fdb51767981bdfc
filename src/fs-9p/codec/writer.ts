import type { Qid } from "../file-system.ts";

const HIGH = 0x1_0000_0000;

/** Writes the primitives of 9P (little endian) into a buffer that the caller has made large enough. */
export class WireWriter {
  readonly bytes: Buffer;
  /** Where the next byte goes. */
  at: number;

  constructor(bytes: Buffer, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  u8(value: number): void {
    this.bytes[this.at++] = value;
  }

  u16(value: number): void {
    const { bytes, at } = this;
    bytes[at] = value;
    bytes[at + 1] = value >>> 8;
    this.at = at + 2;
  }

  u32(value: number): void {
    const { bytes, at } = this;
    bytes[at] = value;
    bytes[at + 1] = value >>> 8;
    bytes[at + 2] = value >>> 16;
    bytes[at + 3] = value >>> 24;
    this.at = at + 4;
  }

  u64(value: number): void {
    this.u32(value % HIGH);
    this.u32(Math.floor(value / HIGH));
  }

  i64(value: number): void {
    const high = Math.floor(value / HIGH);
    this.u32(value - high * HIGH);
    this.u32(high);
  }

  cookie(value: bigint): void {
    this.at = this.bytes.writeBigUInt64LE(value, this.at);
  }

  str(value: string): void {
    this.u16(value.length);
    this.at += this.bytes.write(value, this.at, "latin1");
  }

  names(values: readonly string[]): void {
    this.u16(values.length);
    for (const value of values) this.str(value);
  }

  qid({ type, version, path }: Qid): void {
    this.u8(type);
    this.u32(version);
    this.u64(path);
  }

  qids(values: readonly Qid[]): void {
    this.u16(values.length);
    for (const value of values) this.qid(value);
  }

  data(value: Uint8Array): void {
    this.u32(value.length);
    this.bytes.set(value, this.at);
    this.at += value.length;
  }
}
