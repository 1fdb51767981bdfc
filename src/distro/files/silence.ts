import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { isTswslError, TswslError } from "../../base/errors.ts";
import { timeouts } from "../../base/timeouts.ts";

/** How often it is looked whether anybody waits for the guest. */
const PERIOD_MS = 500;

export interface Asked {
  /** Requests that wait for the guest. */
  readonly pending: () => number;
  /** What its answers come on. */
  readonly stream: Duplex;
  /** Asks the guest for a sign of life. */
  readonly ping: (signal: AbortSignal) => Promise<unknown>;
}

/**
 * Resolves when a guest that is asked for files has given no sign of life for `timeouts.guestSilent`: neither any answer,
 * nor the agent's to a ping. A guest that is only slow may take its time. Rejects when `signal` fires, or the link is lost.
 */
export async function silence({ pending, stream, ping }: Asked, signal: AbortSignal): Promise<TswslError> {
  let heard = 0;
  const hear = (): void => {
    heard += 1;
  };
  stream.on("data", hear);
  try {
    for (;;) {
      await delay(PERIOD_MS, undefined, { signal, ref: false });
      if (pending() === 0) continue;
      const before = heard;
      const answered = await answers(ping, signal);
      if (!answered && heard === before && pending() > 0) return silent();
    }
  } finally {
    stream.off("data", hear);
  }
}

async function answers(ping: Asked["ping"], signal: AbortSignal): Promise<boolean> {
  try {
    await ping(AbortSignal.any([signal, AbortSignal.timeout(timeouts.guestSilent)]));
    return true;
  } catch (error) {
    if (isTswslError(error, "timeout")) return false;
    throw error;
  }
}

function silent(): TswslError {
  const text = `the virtual machine has not answered for ${timeouts.guestSilent / 1000} s`;
  return new TswslError("timeout", text, { hint: "If it does not recover: tswsl shutdown --force" });
}
