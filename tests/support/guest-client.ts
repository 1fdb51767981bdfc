import { once } from "node:events";
import type { Duplex } from "node:stream";

/** Long enough for a loaded machine under emulation; a guest that hangs must not hang the suite. */
const ANSWER_MS = 30_000;

/** Asks the guest of tests/conformance/compute-service-guest.c, one question at a time. */
export class GuestClient {
  readonly #link: Duplex;
  #received = Buffer.alloc(0);
  #ended = false;
  #wake: () => void = () => {};

  constructor(link: Duplex) {
    this.#link = link;
    link.on("data", (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    link.on("close", () => {
      this.#ended = true;
      this.#wake();
    });
  }

  /** Sends a line and returns the line that answers it. */
  async ask(line: string): Promise<string> {
    this.#link.write(`${line}\n`);
    const answer = await this.#take(() => this.#received.indexOf("\n") + 1, line);
    return answer.toString("utf8").trimEnd();
  }

  /** Sends a line that ends the guest's service. */
  tell(line: string): void {
    this.#link.write(`${line}\n`);
  }

  /** Sends bytes and returns as many. */
  async echo(data: Buffer): Promise<Buffer> {
    this.#link.write(`echo ${data.length}\n`);
    this.#link.write(data);
    return this.#take(() => (this.#received.length >= data.length ? data.length : 0), "echo");
  }

  /** Resolves when the other side has closed. */
  async closed(): Promise<void> {
    if (!this.#ended) await once(this.#link, "close", { signal: AbortSignal.timeout(ANSWER_MS) });
  }

  async #take(complete: () => number, question: string): Promise<Buffer> {
    const limit = AbortSignal.timeout(ANSWER_MS);
    for (let length = complete(); ; length = complete()) {
      if (length > 0) {
        const taken = this.#received.subarray(0, length);
        this.#received = this.#received.subarray(length);
        return taken;
      }
      if (this.#ended || limit.aborted)
        throw new Error(`no answer to '${question}': ${this.#received.toString()}`);
      await this.#news(limit);
    }
  }

  async #news(limit: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    limit.addEventListener("abort", () => resolve(), { once: true });
    await promise;
  }
}
