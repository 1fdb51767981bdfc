/**
 * Gathers a message that arrives in pieces. Memory grows with what has arrived, not with what was announced, and
 * each byte is copied a constant number of times however small the pieces are.
 */
export class ByteCollector {
  #buffer: Buffer = Buffer.alloc(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What has been gathered; valid until the next call. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Takes from the front of `chunk` until `wanted` bytes are held. Returns what is left of the chunk. */
  fill(chunk: Buffer, wanted: number): Buffer {
    const part = chunk.subarray(0, Math.max(0, wanted - this.#length));
    this.#reserve(this.#length + part.length, wanted);
    part.copy(this.#buffer, this.#length);
    this.#length += part.length;
    return chunk.subarray(part.length);
  }

  /** Hands the bytes over and starts again. */
  take(): Buffer {
    const bytes = this.bytes;
    this.#buffer = Buffer.alloc(0);
    this.#length = 0;
    return bytes;
  }

  #reserve(needed: number, wanted: number): void {
    if (needed <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.min(wanted, Math.max(needed, 2 * this.#buffer.length)));
    this.bytes.copy(grown);
    this.#buffer = grown;
  }
}
