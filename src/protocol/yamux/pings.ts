import { withDeadline } from "../../base/deadline.ts";
import type { TswslError } from "../../base/errors.ts";
import { timeouts } from "../../base/timeouts.ts";

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: TswslError) => void;
}

/** The pings of a session that wait for their answer. */
export class Pings {
  readonly #sendPing: (id: number) => void;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 0;

  constructor(sendPing: (id: number) => void) {
    this.#sendPing = sendPing;
  }

  /** Milliseconds to the answer. Rejects with `timeout`, `cancelled`, or what {@link fail} says. */
  async send(signal: AbortSignal): Promise<number> {
    const id = this.#nextId;
    this.#nextId = (id + 1) >>> 0;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.set(id, { resolve, reject });
    const start = performance.now();
    try {
      await withDeadline(signal, { ms: timeouts.linkPing, what: "an answer over the link" }, () => {
        this.#sendPing(id);
        return promise;
      });
      return performance.now() - start;
    } finally {
      this.#waiting.delete(id);
    }
  }

  /** Answers nobody waits for (late ones, invented ones) are ignored. */
  answered(id: number): void {
    this.#waiting.get(id)?.resolve();
  }

  fail(error: TswslError): void {
    for (const { reject } of this.#waiting.values()) reject(error);
  }
}
