import type { Duplex } from "node:stream";

/** What a peer may send before its stream is given to somebody: the credit of a channel, and some events. */
const MAX_BYTES = 2 * 1024 * 1024;

/**
 * Reads a stream that nobody serves yet, so that its end is noticed, and keeps what comes. A peer that sends more than
 * it may is not read any further.
 */
export class EarlyInput {
  readonly #stream: Duplex;
  readonly #chunks: Buffer[] = [];
  readonly #keep: (chunk: Buffer) => void;
  readonly #onGone: () => void;
  #bytes = 0;

  /** `onGone` is called once, when the stream ends or closes before {@link giveBack}. */
  constructor(stream: Duplex, onGone: () => void) {
    this.#stream = stream;
    this.#onGone = onGone;
    this.#keep = (chunk) => {
      this.#chunks.push(chunk);
      this.#bytes += chunk.length;
      if (this.#bytes > MAX_BYTES) stream.pause();
    };
    stream.on("data", this.#keep);
    for (const event of ["end", "close"]) stream.once(event, onGone);
  }

  /** Leaves the stream paused, and what came in it again. Its end, if it has come, cannot be undone. */
  giveBack(): void {
    const stream = this.#stream;
    stream.off("data", this.#keep);
    for (const event of ["end", "close"]) stream.off(event, this.#onGone);
    stream.pause();
    if (!stream.readableEnded && this.#bytes > 0) stream.unshift(Buffer.concat(this.#chunks));
  }
}
