import { TswslError } from "../base/errors.ts";
import type { DistroState } from "../protocol/daemon.ts";

/** What may be under way on one distro besides commands. */
type Operation = Extract<DistroState, "installing" | "removing">;

/**
 * One operation per distro name at a time: while it lasts, others on the same name are refused, as in WSL. Lives in
 * memory only; what an interrupted operation left is undone when the VM starts next.
 */
export class Operations {
  readonly #running = new Map<string, Operation>();

  of(name: string): Operation | undefined {
    return this.#running.get(name.toLowerCase());
  }

  /** Names being installed: they are listed although nothing is registered yet. */
  get installing(): readonly string[] {
    return [...this.#running].filter(([, operation]) => operation === "installing").map(([name]) => name);
  }

  /** Runs `work` as the only operation on this name. Raises `invalid-state` when there is one already. */
  async run<T>(name: string, operation: Operation, work: () => Promise<T>): Promise<T> {
    this.checkNone(name);
    this.#running.set(name.toLowerCase(), operation);
    try {
      return await work();
    } finally {
      this.#running.delete(name.toLowerCase());
    }
  }

  /** Raises `invalid-state` while something is under way on this name. */
  checkNone(name: string): void {
    const current = this.of(name);
    if (current === undefined) return;
    const doing = current === "installing" ? "being installed" : "being removed";
    throw new TswslError("invalid-state", `'${name}' is ${doing}`, {
      hint: "Wait for it to end: tswsl list -v",
    });
  }
}
