import { open } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { cancelled, type Deadline, withDeadline } from "../../base/deadline.ts";

/** Between two looks. */
const LOOK_MS = 50;

/** Waits until no process holds the daemon's lock file on Windows, see daemon/hold-lock.ts. Raises `timeout`. */
export async function waitUntilUnheld(lock: string, deadline: Deadline, signal: AbortSignal): Promise<void> {
  await withDeadline(signal, deadline, async (within) => {
    while (await isHeld(lock)) {
      await delay(LOOK_MS, undefined, { signal: within }).catch(() => {
        throw cancelled(within);
      });
    }
  });
}

async function isHeld(lock: string): Promise<boolean> {
  try {
    await (await open(lock)).close();
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EBUSY";
  }
}
