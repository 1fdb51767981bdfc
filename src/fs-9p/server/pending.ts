/** The requests of a session that wait for a file system which answers with promises. */
export class PendingRequests {
  readonly #settled = new Map<number, Promise<void>>();

  get size(): number {
    return this.#settled.size;
  }

  has(tag: number): boolean {
    return this.#settled.has(tag);
  }

  /** Remembers a request until `work`, which never rejects, has settled. */
  add(tag: number, work: Promise<void>): void {
    const settled = work.finally(() => {
      if (this.#settled.get(tag) === settled) this.#settled.delete(tag);
    });
    this.#settled.set(tag, settled);
  }

  /** Resolves when this request has been answered; undefined when there is none. */
  answered(tag: number): Promise<void> | undefined {
    return this.#settled.get(tag);
  }

  /** Resolves when everything that is under way now has settled; undefined when nothing is. */
  allSettled(): Promise<unknown> | undefined {
    return this.#settled.size === 0 ? undefined : Promise.all(this.#settled.values());
  }

  /** Tags mean something new from now on; what is under way goes on. */
  forget(): Promise<unknown> | undefined {
    const all = this.allSettled();
    this.#settled.clear();
    return all;
  }
}
