import { setTimeout as delay } from "node:timers/promises";
import { isTswslError, TswslError } from "../base/errors.ts";
import { timeouts } from "../base/timeouts.ts";
import type { AgentClient } from "../vm/agent-client.ts";

/** The first question comes so late that a short command does without; the others follow at this pace. */
const PERIOD_MS = 1000;
/** Unanswered questions in a row that make a guest silent: a busy host may well let one pass. */
const MISSED = 3;

/**
 * Asks the agent from time to time whether it is there, for work that waits for the guest without a deadline of its own.
 * With `once` a single answer will do: what begins in a guest that works may last as long as it likes.
 */
export class GuestWatch {
  readonly #silent = new AbortController();
  readonly #stopped = new AbortController();

  constructor(agent: Pick<AgentClient, "ping">, options: { once: boolean }) {
    this.#watch(agent, options.once).catch(() => undefined);
  }

  /** Fires when the guest has not answered for a while; its reason is a `timeout` for the user. */
  get signal(): AbortSignal {
    return this.#silent.signal;
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #watch(agent: Pick<AgentClient, "ping">, once: boolean): Promise<void> {
    const { signal } = this.#stopped;
    for (let missed = 0; missed < MISSED;) {
      await delay(PERIOD_MS, undefined, { signal, ref: false });
      try {
        await agent.ping(signal);
        if (once) return;
        missed = 0;
      } catch (error) {
        // A link that is lost is told by whoever uses it.
        if (!isTswslError(error, "timeout")) return;
        missed += 1;
      }
    }
    this.#silent.abort(silence());
  }
}

function silence(): TswslError {
  const seconds = (MISSED * (PERIOD_MS + timeouts.linkPing)) / 1000;
  return new TswslError("timeout", `the virtual machine has not answered for ${seconds} s`, {
    hint: "If it does not recover: tswsl shutdown --force",
  });
}
