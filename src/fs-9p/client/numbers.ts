import { TswslError } from "../../base/errors.ts";

/** Numbers that are given out and come back: tags, fids. The lowest free ones, so that servers' tables stay small. */
export class Numbers {
  readonly #limit: number;
  readonly #what: string;
  readonly #free: number[] = [];
  #next = 0;

  /** Numbers below `limit`; `what` names them in errors. */
  constructor(limit: number, what: string) {
    this.#limit = limit;
    this.#what = what;
  }

  /** How many are out. */
  get taken(): number {
    return this.#next - this.#free.length;
  }

  /** Throws `unavailable` when all are out. */
  take(): number {
    const known = this.#free.pop();
    if (known !== undefined) return known;
    if (this.#next >= this.#limit) throw new TswslError("unavailable", `too many ${this.#what} at once`);
    this.#next += 1;
    return this.#next - 1;
  }

  giveBack(number: number): void {
    this.#free.push(number);
  }
}
