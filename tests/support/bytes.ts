import { setImmediate } from "node:timers/promises";
import type { Readable } from "node:stream";
import { seededRandom } from "./random.ts";

/** Bytes that tell a lost, doubled or misplaced block: pseudo-random, the same in every run. */
export function randomBytes(length: number, seed = 1): Buffer {
  const random = seededRandom(seed);
  const bytes = Buffer.alloc(length);
  for (let at = 0; at + 4 <= length; at += 4) bytes.writeUInt32LE(Math.floor(random() * 2 ** 32), at);
  return bytes;
}

/** Everything until the end of the stream. */
export async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  // A stream without encoding yields buffers.
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Exactly so many bytes; the stream lives on. Rejects when it ends first. */
export async function readBytes(stream: Readable, length: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let missing = length;
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    // See readAll.
    const bytes = chunk as Buffer;
    chunks.push(bytes.subarray(0, missing));
    if (bytes.length > missing) stream.unshift(bytes.subarray(missing));
    missing -= Math.min(missing, bytes.length);
    if (missing === 0) return Buffer.concat(chunks);
  }
  throw new Error(`the stream ended ${missing} bytes early`);
}

/** Lets everything happen that needs no more than turns of the event loop: for what must not happen. */
export async function settle(turns = 20): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await setImmediate();
}

/** Splits bytes at random places, empty pieces never. */
export function pieces(bytes: Buffer, random: () => number, largest: number): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = Math.min(bytes.length, at + 1 + Math.floor(random() * largest));
    parts.push(bytes.subarray(at, end));
    at = end;
  }
  return parts;
}
