import type { ReplayScript } from "../../../fs-9p/index.ts";
import type { ReplayEvent } from "../../../protocol/guest.ts";
import type { ToldChange } from "./replay-events.ts";

/** A handful of 9P requests each: under software emulation the guest takes seconds for so many. */
const BATCH = 128;

export interface ChangeFeedParts {
  readonly script: ReplayScript;
  readonly send: (events: readonly ReplayEvent[]) => void;
  /** All that there was has been told. */
  readonly onDone: () => void;
}

/** Hands changes on in pieces, each when the one before it has been told. */
export class ChangeFeed {
  readonly #parts: ChangeFeedParts;
  #waiting: ReplayEvent[] = [];

  constructor(parts: ChangeFeedParts) {
    this.#parts = parts;
  }

  /** Only when there is nothing under way. The script goes on for all of them: one may need what a later one takes away. */
  tell(changes: readonly ToldChange[]): void {
    this.#parts.script.begin(changes.flatMap(({ steps }) => steps));
    this.#waiting = changes.map(({ event }) => event);
    this.#send();
  }

  /** The piece has been told, or cannot be: then what is left of this would come too late as well. */
  acknowledged(told: boolean): void {
    if (!told) this.#waiting = [];
    this.#send();
  }

  /** What waits is told to nobody any more. */
  drop(): void {
    this.#waiting = [];
  }

  #send(): void {
    const batch = this.#waiting.splice(0, BATCH);
    if (batch.length > 0) {
      this.#parts.send(batch);
      return;
    }
    this.#parts.script.clear();
    this.#parts.onDone();
  }
}
