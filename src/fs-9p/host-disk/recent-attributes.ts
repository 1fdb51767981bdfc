import type { Attributes } from "../file-system.ts";

/** Enough for what one directory answer looks up, many times over. */
const MAX_ENTRIES = 8192;

/**
 * Attributes that were looked up a moment ago. A client that lists a directory or walks to a file asks for them next, and
 * a stat costs more than all the rest of an answer. They are forgotten all together: a while after the first of them was
 * read, and at once when anything is changed through this file system. So a change made by another program is seen late by
 * at most that while.
 */
export class RecentAttributes {
  readonly #forMs: number;
  readonly #directories = new Map<object, Map<string, Attributes>>();
  #count = 0;
  #since = 0;

  constructor(forMs: number) {
    this.#forMs = forMs;
  }

  get(directory: object, name: string): Attributes | undefined {
    if (this.#count === 0) return undefined;
    if (performance.now() - this.#since > this.#forMs) {
      this.forget();
      return undefined;
    }
    return this.#directories.get(directory)?.get(name);
  }

  set(directory: object, name: string, attributes: Attributes): void {
    if (this.#count === 0 || this.#count >= MAX_ENTRIES) {
      this.forget();
      this.#since = performance.now();
    }
    let names = this.#directories.get(directory);
    if (!names) {
      names = new Map();
      this.#directories.set(directory, names);
    }
    names.set(name, attributes);
    this.#count += 1;
  }

  /** Something has changed. */
  forget(): void {
    if (this.#count === 0) return;
    this.#directories.clear();
    this.#count = 0;
  }
}
