import type { Awaitable } from "../../fs-9p/file-system.ts";

interface Closable {
  close(): Awaitable<void>;
}

/** A node or an open file that is closed once it was let go of and no call on it is under way, as its port asks for. */
export class Shared<T extends Closable> {
  readonly #value: T;
  #users = 1;

  constructor(value: T) {
    this.#value = value;
  }

  async use<R>(work: (value: T) => Awaitable<R>): Promise<R> {
    this.#users += 1;
    try {
      return await work(this.#value);
    } finally {
      this.letGo();
    }
  }

  /** Once for the maker; `use` does it for itself. */
  letGo(): void {
    this.#users -= 1;
    if (this.#users === 0) void this.#close();
  }

  async #close(): Promise<void> {
    try {
      await this.#value.close();
    } catch {
      // Its connection has ended, and it with that.
    }
  }
}
