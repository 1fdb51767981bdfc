import type { Readable } from "node:stream";
import { compact, ReceiveQueue } from "./receive-queue.ts";

/** Feeds a Readable with bytes that arrive when they like, and knows how many of them its reader has not taken yet. */
export class Inbox {
  readonly #target: Readable;
  readonly #queue = new ReceiveQueue();
  /** Node has asked for bytes and none have been pushed since. */
  #wanted = false;
  #ended = false;

  constructor(target: Readable) {
    this.#target = target;
  }

  /** True once {@link end} was called. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Bytes received that the reader has not taken. */
  get held(): number {
    return this.#queue.length + this.#target.readableLength;
  }

  receive(bytes: Buffer): void {
    if (this.#wanted && this.#queue.length === 0) this.#push(compact(bytes));
    else this.#queue.push(bytes);
  }

  /** Nothing more will be received. The reader gets what is held, then the end. */
  end(): void {
    this.#ended = true;
    if (this.#queue.length === 0) this.#target.push(null);
  }

  /** To be called from `_read`. */
  flow(): void {
    this.#wanted = true;
    while (this.#wanted) {
      const bytes = this.#queue.shift();
      if (bytes === undefined) return;
      this.#push(bytes);
      if (this.#ended && this.#queue.length === 0) this.#target.push(null);
    }
  }

  #push(bytes: Buffer): void {
    // A listener may ask for more while it is being given these, so the flag is only ever raised afterwards.
    this.#wanted = false;
    if (this.#target.push(bytes)) this.#wanted = true;
  }
}
