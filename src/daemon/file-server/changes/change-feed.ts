import type { ReplayScript } from "../../../fs-9p/index.ts";
import type { ReplayEvent } from "../../../protocol/guest.ts";
import type { ToldChange } from "./replay-events.ts";

/** A dozen 9P requests each: under software emulation, on a busy machine, the guest takes seconds for so many. */
const BATCH = 64;
/** Of their paths, in UTF-16 units: far below what a message may have. */
const BATCH_TEXT = 64 * 1024;
/** After so many pieces in a row that could not be told, what is left would come too late as well. */
const MAX_FAILURES = 3;

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
  #failures = 0;

  constructor(parts: ChangeFeedParts) {
    this.#parts = parts;
  }

  /** Only when there is nothing under way. The script goes on for all of them: one may need what a later one takes away. */
  tell(changes: readonly ToldChange[]): void {
    this.#parts.script.begin(changes.flatMap(({ steps }) => steps));
    this.#waiting = changes.map(({ event }) => event);
    this.#failures = 0;
    this.#send();
  }

  /** The piece has been told, or cannot be. */
  acknowledged(told: boolean): void {
    this.#failures = told ? 0 : this.#failures + 1;
    if (this.#failures >= MAX_FAILURES) this.drop();
    this.#send();
  }

  /** What waits is told to nobody any more. */
  drop(): void {
    this.#waiting = [];
  }

  #batchLength(): number {
    let text = 0;
    const beyond = this.#waiting.slice(0, BATCH).findIndex(({ path, to = "" }) => {
      text += path.length + to.length;
      return text > BATCH_TEXT;
    });
    return beyond < 0 ? BATCH : Math.max(beyond, 1);
  }

  #send(): void {
    const batch = this.#waiting.splice(0, this.#batchLength());
    if (batch.length > 0) {
      this.#parts.send(batch);
      return;
    }
    this.#parts.script.clear();
    this.#parts.onDone();
  }
}
