/** A piece of memory that answers are written into. */
export interface Block {
  readonly bytes: Buffer;
  /** Writes of parts of it that the stream has not finished. */
  writing: number;
  /** Somebody else writes into it from now on: it is never used again. */
  givenUp: boolean;
}

/** Enough for hundreds of small answers. */
const BLOCK_BYTES = 64 * 1024;
/** A slow reader has some blocks waiting; what is above this goes back to the collector. */
const KEPT_BLOCKS = 4;

/** Blocks for a session's answers, used again once the stream is done with them, where that can be known. */
export class BlockPool {
  readonly reuses: boolean;
  readonly #free: Block[] = [];

  constructor(reuses: boolean) {
    this.reuses = reuses;
  }

  /** A block of at least so many bytes. */
  get(bytes: number): Block {
    for (let block = this.#free.pop(); block; block = this.#free.pop())
      // One that has become too small for what this client asks for is let go.
      if (block.bytes.length >= bytes) return block;
    return { bytes: Buffer.allocUnsafeSlow(Math.max(bytes, BLOCK_BYTES)), writing: 0, givenUp: false };
  }

  /** A block that nothing is added to any more; free unless parts of it are still being written. */
  put(block: Block): void {
    if (!this.reuses || block.givenUp || block.writing > 0) return;
    if (this.#free.length < KEPT_BLOCKS) this.#free.push(block);
  }
}
