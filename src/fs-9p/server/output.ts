import type { Duplex } from "node:stream";
import { encodedBytes, encodeInto } from "../codec/encode.ts";
import { type Layout, layoutOf } from "../codec/layout.ts";
import { type AnyBody, HEADER_BYTES, PAYLOAD_OFFSET } from "../codec/messages.ts";
import { type Block, BlockPool } from "./block-pool.ts";

/** A payload with room for no more than this is read into its block, whatever becomes of the rest of the block. */
const MAX_DIRECT_BYTES = 16 * 1024;

const errorLayout = layoutOf("Rlerror");

/**
 * The answers on their way out. They are written one after the other into a block, payloads directly where they will be
 * sent from, and go to the stream together in {@link flush}.
 */
export class Output {
  readonly #stream: Duplex;
  readonly #pool: BlockPool;
  readonly #onDrained: () => void;
  #block: Block | undefined;
  /** What lies in the block from here on has not been given to the stream. */
  #start = 0;
  #at = 0;
  #unsent = 0;
  /** Where a large payload is put first, when blocks cannot be used again: it is often far smaller than its room. */
  #scratch: Buffer | undefined;
  #inScratch = false;

  /**
   * `reusesBlocks`: when a write calls back, the stream is done with its bytes for good, as a socket is (and a pipe in
   * memory is not). `onDrained` is called whenever everything has been taken.
   */
  constructor(stream: Duplex, reusesBlocks: boolean, onDrained: () => void) {
    this.#stream = stream;
    this.#pool = new BlockPool(reusesBlocks);
    this.#onDrained = onDrained;
  }

  /** Bytes of answers that the stream has not taken yet. */
  get unsent(): number {
    return this.#unsent + this.#at - this.#start;
  }

  message(layout: Layout, tag: number, body: AnyBody): void {
    const block = this.#room(encodedBytes(layout, body));
    this.#at = encodeInto(block.bytes, this.#at, { layout, tag, body });
  }

  error(tag: number, ecode: number): void {
    this.message(errorLayout, tag, { ecode });
  }

  /** Room for a payload of `count` bytes; {@link commitPayload} or {@link giveUpPayload} is the next call. */
  payload(count: number): Buffer {
    this.#inScratch = !this.#pool.reuses && count > MAX_DIRECT_BYTES;
    if (this.#inScratch) return this.#scratchRoom(count);
    const block = this.#room(PAYLOAD_OFFSET + count);
    const start = this.#at + PAYLOAD_OFFSET;
    return block.bytes.subarray(start, start + count);
  }

  /** The payload's first `length` bytes are the answer: an Rread or Rreaddir, by its number. */
  commitPayload(number: number, tag: number, length: number): void {
    const block = this.#inScratch ? this.#room(PAYLOAD_OFFSET + length) : this.#block;
    if (!block) return;
    writePayloadHeader(block.bytes, this.#at, { number, tag, length });
    if (this.#inScratch)
      this.#scratch?.copy(block.bytes, this.#at + PAYLOAD_OFFSET, PAYLOAD_OFFSET, PAYLOAD_OFFSET + length);
    this.#at += PAYLOAD_OFFSET + length;
  }

  /** Whoever was given the payload's room goes on writing there: nothing else may ever use that block. */
  giveUpPayload(): void {
    if (this.#inScratch) {
      this.#scratch = undefined;
      return;
    }
    this.flush();
    if (this.#block) this.#block.givenUp = true;
    this.#block = undefined;
  }

  /** A whole message that lies somewhere else. */
  piece(bytes: Buffer): void {
    this.flush();
    this.#write(bytes, undefined);
  }

  flush(): void {
    const block = this.#block;
    if (!block || this.#at === this.#start) return;
    const bytes = block.bytes.subarray(this.#start, this.#at);
    this.#start = this.#at;
    this.#write(bytes, block);
  }

  /** With room for the header before it, as {@link payload}'s users may rely on. */
  #scratchRoom(count: number): Buffer {
    if (!this.#scratch || this.#scratch.length < PAYLOAD_OFFSET + count)
      this.#scratch = Buffer.allocUnsafeSlow(PAYLOAD_OFFSET + count);
    return this.#scratch.subarray(PAYLOAD_OFFSET, PAYLOAD_OFFSET + count);
  }

  #write(bytes: Buffer, block: Block | undefined): void {
    const { length } = bytes;
    this.#unsent += length;
    if (block) block.writing += 1;
    this.#stream.write(bytes, () => {
      this.#unsent -= length;
      if (block) {
        block.writing -= 1;
        if (block !== this.#block) this.#pool.put(block);
        else if (block.writing === 0 && this.#start === this.#at && this.#pool.reuses) this.#rewind();
      }
      if (this.#unsent === 0) this.#onDrained();
    });
  }

  /** Everything in the block has been sent: it begins anew. */
  #rewind(): void {
    this.#start = 0;
    this.#at = 0;
  }

  #room(bytes: number): Block {
    if (this.#block && this.#at + bytes <= this.#block.bytes.length) return this.#block;
    this.flush();
    const full = this.#block;
    this.#block = this.#pool.get(bytes);
    if (full) this.#pool.put(full);
    this.#rewind();
    return this.#block;
  }
}

/** The header and count[4] of an Rread or Rreaddir. */
export function writePayloadHeader(
  bytes: Buffer,
  at: number,
  { number, tag, length }: { readonly number: number; readonly tag: number; readonly length: number },
): void {
  bytes.writeUInt32LE(PAYLOAD_OFFSET + length, at);
  bytes.writeUInt8(number, at + 4);
  bytes.writeUInt16LE(tag, at + 5);
  bytes.writeUInt32LE(length, at + HEADER_BYTES);
}
