import type { OpenFile } from "../../fs-9p/file-system.ts";

/** What one read asks for: what fits into the largest message that peers agree on. */
const CHUNK_BYTES = 256 * 1024;
/** Reads under way at once: more than the link's latency takes to fill it. */
const AHEAD = 8;

/**
 * The content of a file in order, with several reads under way. `size` is a hint: what is said to be longer ends where
 * it ends, what has grown, or has no size (/proc), is read until there is no more. A chunk is the reader's to keep.
 */
export async function* readFile(
  file: OpenFile,
  size: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const ahead = new ReadAhead(file);
  try {
    for (let whole = true; whole;) {
      ahead.request(size);
      signal.throwIfAborted();
      const chunk = await ahead.next();
      if (chunk.length > 0) yield chunk;
      whole = chunk.length === CHUNK_BYTES;
    }
  } finally {
    // The file is closed by whoever opened it, and not while it is read.
    await ahead.settled();
  }
}

/** Reads under way, in the order of their offsets. */
class ReadAhead {
  readonly #file: OpenFile;
  readonly #pending: Promise<Uint8Array>[] = [];
  #next = 0;

  constructor(file: OpenFile) {
    this.#file = file;
  }

  /** At least one, and no more than there is to read. */
  request(size: number): void {
    while (this.#pending.length === 0 || (this.#pending.length < AHEAD && this.#next < size)) {
      const read = readChunk(this.#file, this.#next);
      // Those behind one that fails have nobody who waits for them.
      read.catch(() => undefined);
      this.#pending.push(read);
      this.#next += CHUNK_BYTES;
    }
  }

  async next(): Promise<Uint8Array> {
    return (await this.#pending.shift()) ?? new Uint8Array();
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.#pending);
  }
}

/** As much as there is from `offset`, up to a chunk. */
async function readChunk(file: OpenFile, offset: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let filled = 0;
  while (filled < CHUNK_BYTES) {
    const count = await file.read(buffer.subarray(filled), offset + filled);
    if (count === 0) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}
