/** Milliseconds spent in each stage of something, in order. */
export class Stopwatch {
  readonly laps: Record<string, number> = {};
  #last = performance.now();

  /** Ends the stage of this name and begins the next. */
  lap(name: string): void {
    const now = performance.now();
    this.laps[name] = Math.round(now - this.#last);
    this.#last = now;
  }
}
