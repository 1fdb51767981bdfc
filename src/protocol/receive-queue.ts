/** Pieces this small are copied together, so that a flood of them costs about as much memory as its bytes. */
const BLOCK_BYTES = 8 * 1024;

/**
 * Bytes received and not yet wanted by their reader. The number of bytes is bounded by the caller's window; this
 * bounds what they cost: a one-byte piece neither keeps a 64 KiB read buffer alive nor has an object of its own.
 */
export class ReceiveQueue {
  readonly #chunks: Buffer[] = [];
  /** The last chunk while small pieces are still being gathered in it. */
  #block: Buffer | undefined;
  #filled = 0;
  #length = 0;

  /** Bytes held. */
  get length(): number {
    return this.#length;
  }

  push(bytes: Buffer): void {
    this.#length += bytes.length;
    if (isCheapToKeep(bytes)) {
      this.#seal();
      this.#chunks.push(bytes);
    } else {
      this.#gather(bytes);
    }
  }

  /** The next chunk in order, or undefined when nothing is held. */
  shift(): Buffer | undefined {
    if (this.#chunks.length === 0) this.#seal();
    const chunk = this.#chunks.shift();
    this.#length -= chunk?.length ?? 0;
    return chunk;
  }

  #gather(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0) {
      this.#block ??= Buffer.allocUnsafeSlow(BLOCK_BYTES);
      const taken = rest.copy(this.#block, this.#filled);
      this.#filled += taken;
      rest = rest.subarray(taken);
      if (this.#filled === BLOCK_BYTES) this.#seal();
    }
  }

  #seal(): void {
    if (this.#block !== undefined) this.#chunks.push(this.#block.subarray(0, this.#filled));
    this.#block = undefined;
    this.#filled = 0;
  }
}

/** The piece itself when it is most of the memory it lives in, else a copy: for pieces that may be kept for long. */
export function compact(bytes: Buffer): Buffer {
  return isCheapToKeep(bytes) ? bytes : Buffer.from(bytes);
}

function isCheapToKeep(bytes: Buffer): boolean {
  return bytes.length >= BLOCK_BYTES && bytes.length * 4 >= bytes.buffer.byteLength;
}
