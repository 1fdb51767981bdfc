import type { Duplex } from "node:stream";

/** Requests on their way out: those of one turn are given to the stream together. */
export class Outgoing {
  readonly #stream: Duplex;
  #corked = false;

  constructor(stream: Duplex) {
    this.#stream = stream;
  }

  send(...parts: readonly Uint8Array[]): void {
    if (!this.#corked) {
      this.#corked = true;
      this.#stream.cork();
      process.nextTick(() => {
        this.#corked = false;
        this.#stream.uncork();
      });
    }
    for (const part of parts) this.#stream.write(part);
  }
}
