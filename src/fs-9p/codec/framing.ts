import { TswslError } from "../../base/errors.ts";
import { HEADER_BYTES } from "./messages.ts";

/** Receives one whole message: `bytes` from `start` (its size field) to `end`. */
export type FrameSink = (bytes: Buffer, start: number, end: number) => void;

/**
 * Splits received bytes into messages by their size[4]. A message inside a chunk is handed on as it lies there. One that
 * is spread over chunks is put together in a buffer that is used again for the next: it is valid until the sink returns,
 * unless the sink calls {@link keep}. No message is longer than {@link limit}, so that is all a peer can make us hold.
 */
export class FrameSplitter {
  /** The largest message, its size field included; 9P's msize. */
  limit: number;
  readonly #sink: FrameSink;
  readonly #sizeField = Buffer.alloc(4);
  #assembly = Buffer.alloc(0);
  #filled = 0;
  #wanted = 0;
  #paused = false;
  #held: Buffer[] = [];
  #failure: TswslError | undefined;

  constructor(limit: number, sink: FrameSink) {
    this.limit = limit;
    this.#sink = sink;
  }

  /** Bytes of a message that has begun and is not complete. */
  get pending(): number {
    return this.#filled;
  }

  /** The message being handed on stays as it is for good. */
  keep(): void {
    this.#assembly = Buffer.alloc(0);
  }

  /** Hands on nothing more until {@link resume}; what is pushed meanwhile is kept. */
  pause(): void {
    this.#paused = true;
  }

  /** Throws as {@link push} does. */
  resume(): void {
    this.#paused = false;
    const held = this.#held;
    this.#held = [];
    for (const chunk of held) this.push(chunk);
  }

  /** Throws `protocol` for a size that cannot be, and ever after. */
  push(chunk: Buffer): void {
    if (this.#failure) throw this.#failure;
    if (this.#paused) {
      this.#held.push(chunk);
      return;
    }
    let at = this.#filled > 0 ? this.#continue(chunk) : 0;
    while (at + 4 <= chunk.length && !this.#paused) {
      const size = this.#checked(chunk.readUInt32LE(at));
      if (at + size > chunk.length) break;
      this.#sink(chunk, at, at + size);
      at += size;
    }
    if (at >= chunk.length) return;
    if (this.#paused) this.#held.push(chunk.subarray(at));
    else this.#begin(chunk, at);
  }

  /** What is left of a chunk is the beginning of a message. */
  #begin(chunk: Buffer, at: number): void {
    const rest = chunk.length - at;
    if (rest < 4) {
      chunk.copy(this.#sizeField, 0, at);
    } else {
      this.#reserve(chunk.readUInt32LE(at));
      chunk.copy(this.#assembly, 0, at);
    }
    this.#filled = rest;
  }

  /** Goes on with a message that has begun; returns how much of the chunk was taken. */
  #continue(chunk: Buffer): number {
    let at = 0;
    if (this.#filled < 4) {
      at = chunk.copy(this.#sizeField, this.#filled, 0, 4 - this.#filled);
      this.#filled += at;
      if (this.#filled < 4) return at;
      this.#reserve(this.#checked(this.#sizeField.readUInt32LE(0)));
      this.#sizeField.copy(this.#assembly);
    }
    const taken = chunk.copy(this.#assembly, this.#filled, at, at + this.#wanted - this.#filled);
    this.#filled += taken;
    if (this.#filled === this.#wanted) {
      this.#filled = 0;
      this.#sink(this.#assembly, 0, this.#wanted);
    }
    return at + taken;
  }

  #reserve(size: number): void {
    this.#wanted = size;
    if (this.#assembly.length < size) this.#assembly = Buffer.allocUnsafeSlow(size);
  }

  #checked(size: number): number {
    if (size >= HEADER_BYTES && size <= this.limit) return size;
    this.#failure = new TswslError(
      "protocol",
      `a 9P message of ${size} bytes, allowed are 7 to ${this.limit}`,
    );
    throw this.#failure;
  }
}
