import type { Duplex } from "node:stream";
import { finished } from "node:stream/promises";
import { cancelled, throwIfAborted } from "../base/deadline.ts";
import { TswslError } from "../base/errors.ts";

/**
 * Joins two byte streams, both ways, without looking inside, with back-pressure. The end of one half is passed on as
 * the end of the other's, so both must allow half-open (a socket server needs `allowHalfOpen: true`). Resolves when
 * all four halves have ended. When either stream fails, or the signal fires, both are destroyed and it rejects with
 * `disconnected` or `cancelled`.
 */
export async function splice(left: Duplex, right: Duplex, signal: AbortSignal): Promise<void> {
  try {
    throwIfAborted(signal);
    const ends = Promise.all([finished(left, { signal }), finished(right, { signal })]);
    left.pipe(right);
    right.pipe(left);
    await ends;
  } catch (cause) {
    left.destroy();
    right.destroy();
    if (signal.aborted) throw cancelled(signal);
    throw new TswslError("disconnected", "the other end closed the connection early", { cause });
  }
}
