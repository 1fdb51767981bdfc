import type { Logger } from "../../base/log.ts";
import type { ComputeSystemDocument } from "../hcs-types.ts";
import { prepareMemoryCopy } from "./saved-memory.ts";

/** The user's first command has the machine to itself. */
const DELAY_MS = 3000;

/** Makes the memory copy for the next restore while this restored machine runs, and no longer than that. */
export class SpareMemory {
  readonly #saved: string | undefined;
  readonly #log: Logger;
  readonly #aborter = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor({ VirtualMachine }: ComputeSystemDocument, log: Logger) {
    this.#saved = VirtualMachine.RestoreState?.SaveStateFilePath;
    this.#log = log;
  }

  /** Begins after a while; nothing for a machine that was not restored. */
  later(): void {
    const saved = this.#saved;
    if (saved === undefined || this.#aborter.signal.aborted) return;
    this.#timer = setTimeout(() => {
      prepareMemoryCopy(saved, this.#aborter.signal).catch((error: unknown) => {
        // Without a spare the next restore makes its own copy: slower, and right.
        if (!this.#aborter.signal.aborted) this.#log.warn("no memory copy for the next start", { error });
      });
    }, DELAY_MS);
    this.#timer.unref();
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#aborter.abort();
  }
}
