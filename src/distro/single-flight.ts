/** Callers who arrive while the work is under way share its outcome. */
export class SingleFlight<T> {
  #current: Promise<T> | undefined;

  /** The work under way, if any. */
  get current(): Promise<T> | undefined {
    return this.#current;
  }

  run(work: () => Promise<T>): Promise<T> {
    this.#current ??= work().finally(() => {
      this.#current = undefined;
    });
    return this.#current;
  }
}
