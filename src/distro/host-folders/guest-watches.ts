import type { Logger } from "../../base/log.ts";
import type { ReplayEvent } from "../../protocol/guest.ts";
import type { AgentClient } from "../../vm/agent-client.ts";

/** The server's part: it watches the host, and says what has changed that the guest does not know. */
export interface HostChangeServer {
  /** The guest watches these files (qid paths), and no others. */
  watch(files: readonly number[]): void;
  /** The changes that came last have been told to the guest, or cannot be. More come only then. */
  replayed(told: boolean): void;
  onChanges(callback: (events: readonly ReplayEvent[]) => void): void;
  /** Calls back while the guest walks to files, which it does before it watches one. */
  onWalked(callback: () => void): void;
}

export interface GuestWatchesParts {
  readonly server: HostChangeServer;
  readonly log: Logger;
}

/** When the guest is asked what it watches, after it has last walked to a file: it adds a watch a moment later. */
const LOOKS_MS = [200, 1000, 3000, 10_000];
/** Looking costs the guest no more of a processor than one part in so many. */
const SHARE = 20;
/** But one that answers late may only have had to wait for a processor itself. */
const LONGEST_PAUSE_MS = 10_000;
/** A guest that cannot be told is not asked at once again. */
const RETRY_MS = 1000;

/**
 * Tells the guest of what the host changes in the folders that it watches: asks its agent what they are, and hands what
 * the server has seen to the agent to be replayed. A guest that does not answer is told less; nothing waits for it, and
 * nothing piles up.
 */
export class GuestWatches {
  readonly #server: HostChangeServer;
  readonly #log: Logger;
  #agent: Pick<AgentClient, "call"> | undefined;
  #ended = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  /** When the timer ends. */
  #due = Infinity;
  #looking = false;
  /** How many looks there have been since the guest last walked. */
  #looks = 0;
  #notBefore = 0;
  #watches = false;

  constructor({ server, log }: GuestWatchesParts) {
    this.#server = server;
    this.#log = log;
    server.onWalked(() => this.lookAgain());
    server.onChanges((events) => void this.#replay(events));
  }

  /** The guest that has the host's files mounted; undefined: none. */
  attend(agent: Pick<AgentClient, "call"> | undefined): void {
    this.#ended.abort();
    this.#ended = new AbortController();
    clearTimeout(this.#timer);
    this.#due = Infinity;
    this.#agent = agent;
    this.#looking = false;
    this.#notBefore = 0;
    this.#watches = false;
    this.#server.watch([]);
    if (agent) this.lookAgain();
  }

  /** The guest may watch others than it did, or may be shown others. */
  lookAgain(): void {
    this.#looks = 0;
    this.#schedule();
  }

  #schedule(): void {
    const agent = this.#agent;
    if (!agent || this.#looking) return;
    const last = LOOKS_MS.length - 1;
    // Who watches nothing is asked no more; who does, so that what it watches no more is let go.
    if (this.#looks > last && !this.#watches) return;
    const pause = LOOKS_MS[Math.min(this.#looks, last)] ?? 0;
    const now = performance.now();
    const due = Math.max(now + pause, this.#notBefore);
    // Who walks on and on does not put it off.
    if (due >= this.#due) return;
    this.#due = due;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(agent), due - now).unref();
  }

  async #look(agent: Pick<AgentClient, "call">): Promise<void> {
    const { signal } = this.#ended;
    this.#looking = true;
    this.#due = Infinity;
    this.#looks += 1;
    const began = performance.now();
    try {
      const { qidPaths } = await agent.call("files.watched", {}, { signal });
      if (signal.aborted) return;
      this.#watches = qidPaths.length > 0;
      this.#server.watch(qidPaths);
    } catch (error) {
      if (signal.aborted) return;
      this.#log.warn("the guest does not say what it watches of the host's files", { error });
    }
    const ended = performance.now();
    const pause = Math.min((ended - began) * SHARE, LONGEST_PAUSE_MS);
    this.#notBefore = ended + Math.max(LOOKS_MS[1] ?? 0, pause);
    this.#looking = false;
    this.#schedule();
  }

  async #replay(events: readonly ReplayEvent[]): Promise<void> {
    const { signal } = this.#ended;
    const told = await this.#tell(events, signal);
    if (told) this.#server.replayed(true);
    else setTimeout(() => this.#server.replayed(false), RETRY_MS).unref();
  }

  async #tell(events: readonly ReplayEvent[], signal: AbortSignal): Promise<boolean> {
    if (!this.#agent) return false;
    try {
      await this.#agent.call("files.replay", { events: [...events] }, { signal });
      return true;
    } catch (error) {
      if (!signal.aborted)
        this.#log.warn("the guest is not told of changes of the host", { events: events.length, error });
      return false;
    }
  }
}
