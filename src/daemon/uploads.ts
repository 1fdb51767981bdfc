import type { Readable } from "node:stream";
import { withDeadline } from "../base/deadline.ts";
import { TswslError } from "../base/errors.ts";
import { timeouts } from "../base/timeouts.ts";

interface Waiting {
  readonly stream: Promise<Readable>;
  readonly arrive: (stream: Readable) => void;
}

/** Brings an upload connection and the install request that names its token together, whichever comes first. */
export class Uploads {
  readonly #waiting = new Map<string, Waiting>();

  /** An upload connection has come. */
  offer(token: string, stream: Readable): void {
    const entry = this.#entry(token);
    entry.arrive(stream);
    stream.once("close", () => this.#waiting.delete(token));
  }

  /** The bytes of this upload. Raises `timeout` when no connection brings them. */
  async take(token: string, signal: AbortSignal): Promise<Readable> {
    const { stream } = this.#entry(token);
    const deadline = { ms: timeouts.upload, what: "the client to send the archive" };
    try {
      const arrived = await withDeadline(signal, deadline, () => stream);
      if (!arrived.destroyed) return arrived;
      throw new TswslError("disconnected", "the client went away before it sent the archive");
    } finally {
      this.#waiting.delete(token);
    }
  }

  #entry(token: string): Waiting {
    const known = this.#waiting.get(token);
    if (known) return known;
    const { promise, resolve } = Promise.withResolvers<Readable>();
    const entry = { stream: promise, arrive: resolve };
    this.#waiting.set(token, entry);
    return entry;
  }
}
