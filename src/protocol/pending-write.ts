export type WriteCallback = (error?: Error | null) => void;

/** What a Writable was given in one `_write` or `_writev`, on its way out in pieces of the sender's choice. */
export class PendingWrite {
  /** To be called when the last piece is out of our hands: the writer may reuse its memory afterwards. */
  readonly callback: WriteCallback;
  readonly #chunks: Buffer[];
  #bytes: number;

  constructor(chunks: Buffer[], callback: WriteCallback) {
    this.#chunks = chunks;
    this.#bytes = totalBytes(chunks);
    this.callback = callback;
  }

  /** Bytes not taken yet. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Removes up to `limit` bytes from the front, without copying. */
  take(limit: number): Buffer[] {
    const taken: Buffer[] = [];
    let rest = Math.min(limit, this.#bytes);
    this.#bytes -= rest;
    for (let chunk = this.#chunks[0]; chunk && rest > 0; chunk = this.#chunks[0]) {
      const part = chunk.subarray(0, rest);
      taken.push(part);
      rest -= part.length;
      if (part.length === chunk.length) this.#chunks.shift();
      else this.#chunks[0] = chunk.subarray(part.length);
    }
    return taken;
  }
}

export function totalBytes(chunks: readonly Buffer[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}
