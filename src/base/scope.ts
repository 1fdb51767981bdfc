type Release = () => void | Promise<void>;

/**
 * Clean-up in reverse order of acquisition: the part of `AsyncDisposableStack` that Node 22 lacks.
 * Use with `await using`, or call {@link Scope.close}. `keep()` forgets everything: the scope succeeded.
 */
export class Scope {
  #releases: Release[] = [];

  /** Runs `release` when the scope closes. */
  defer(release: Release): void {
    this.#releases.push(release);
  }

  /** Ownership has moved on: nothing is released. */
  keep(): void {
    this.#releases = [];
  }

  /** Releases everything, last acquired first. All are tried; the first failure is thrown at the end. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (let release = this.#releases.pop(); release; release = this.#releases.pop()) {
      try {
        await release();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
