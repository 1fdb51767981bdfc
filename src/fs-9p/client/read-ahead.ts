interface Ahead {
  readonly offset: number;
  readonly bytes: Buffer;
  /** How many bytes there are. */
  readonly length: Promise<number>;
}

export interface ReadAheadOptions {
  readonly pieceBytes: number;
  /** How far ahead; 0 for not at all. */
  readonly windowBytes: number;
  /** A count that goes up when what has been read may no longer be true. */
  readonly changes: () => number;
  readonly read: (into: Uint8Array, offset: number) => Promise<number>;
}

/** So many reads in a row, each where the last one ended, are somebody reading from front to back. */
const SEQUENTIAL = 2;

/** Reads ahead of somebody who reads a file from front to back, one read at a time. */
export class ReadAhead {
  readonly #options: ReadAheadOptions;
  #pieces: Ahead[] = [];
  #expected = 0;
  #streak = 0;
  #changes = 0;
  #busy = false;

  constructor(options: ReadAheadOptions) {
    this.#options = options;
  }

  /** What is there from what was read ahead, and `direct`ly otherwise. */
  async read(into: Uint8Array, offset: number, direct: () => Promise<number>): Promise<number> {
    if (this.#busy || this.#options.windowBytes === 0) return await direct();
    this.#busy = true;
    try {
      this.#follow(offset);
      const taken = this.#pieces.length > 0 ? await this.#take(into, offset) : undefined;
      const count = taken ?? (await direct());
      this.#expected = offset + count;
      // The end of the file: there is nothing further ahead.
      if (count < into.length) this.#streak = 0;
      else if (this.#streak >= SEQUENTIAL) this.#advance();
      return count;
    } finally {
      this.#busy = false;
    }
  }

  /** Resolves when nothing is being read any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#pieces.map(({ length }) => length));
  }

  #follow(offset: number): void {
    const changes = this.#options.changes();
    const on = offset === this.#expected;
    this.#streak = on ? this.#streak + 1 : 0;
    if (!on || changes !== this.#changes) this.#pieces = [];
    this.#changes = changes;
  }

  /** Undefined when not all of it is there; a file that has become shorter or failed is for a direct read to tell. */
  async #take(into: Uint8Array, offset: number): Promise<number | undefined> {
    let at = 0;
    while (at < into.length) {
      const piece = this.#pieces[0];
      const skip = piece && offset + at - piece.offset;
      if (!piece || skip === undefined || skip < 0) return undefined;
      const length = await piece.length.catch(() => 0);
      if (this.#options.changes() !== this.#changes) return undefined;
      const part = piece.bytes.subarray(skip, Math.min(length, skip + into.length - at));
      into.set(part, at);
      at += part.length;
      if (length < piece.bytes.length) {
        // The end of the file, as it was when it was read.
        this.#pieces = [];
        return part.length > 0 && at === into.length ? at : undefined;
      }
      if (skip + part.length === length) this.#pieces.shift();
    }
    return at;
  }

  /** Keeps the window full. */
  #advance(): void {
    const { pieceBytes, windowBytes, read } = this.#options;
    const last = this.#pieces.at(-1);
    let offset = last ? last.offset + last.bytes.length : this.#expected;
    while (offset + pieceBytes <= this.#expected + Math.max(windowBytes, pieceBytes)) {
      const bytes = Buffer.allocUnsafeSlow(pieceBytes);
      const length = read(bytes, offset);
      // It is awaited when its turn comes.
      length.catch(() => {});
      this.#pieces.push({ offset, bytes, length });
      offset += pieceBytes;
    }
  }
}
