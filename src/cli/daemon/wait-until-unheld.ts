import { setTimeout as delay } from "node:timers/promises";
import { cancelled, withDeadline, type Deadline } from "../../base/deadline.ts";
import { openSocket } from "./open-socket.ts";

/** Between two looks. */
const LOOK_MS = 50;

/** Waits until nobody listens on the daemon's lock, see daemon/hold-lock.ts. Raises `timeout`. */
export async function waitUntilUnheld(lock: string, deadline: Deadline, signal: AbortSignal): Promise<void> {
  await withDeadline(signal, deadline, async (within) => {
    for (;;) {
      if (await isUnheld(lock, within)) return;
      await delay(LOOK_MS, undefined, { signal: within }).catch(() => {
        throw cancelled(within);
      });
    }
  });
}

/** A connection that fails has met a process that is just ending: the next look tells. */
async function isUnheld(lock: string, signal: AbortSignal): Promise<boolean> {
  try {
    const socket = await openSocket(lock, signal);
    socket?.on("error", () => undefined).destroy();
    return socket === undefined;
  } catch (error) {
    if (signal.aborted) throw error;
    return false;
  }
}
