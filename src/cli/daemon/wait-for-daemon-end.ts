import { spawn } from "node:child_process";
import { once } from "node:events";
import { cancelled } from "../../base/deadline.ts";
import { TswslError } from "../../base/errors.ts";
import { timeouts } from "../../base/timeouts.ts";
import type { DaemonPlace } from "./daemon-place.ts";
import { waitUntilUnheld } from "./wait-until-unheld.ts";

/** flock(1)'s status for a lock that was not to be had in time. */
const NOT_IN_TIME = 1;

const hint = "See why: tswsl logs";

/**
 * Waits until the daemon's process is gone, which is when its lock is free. Raises `timeout` after as long as the VM
 * may take to power off.
 */
export async function waitForDaemonEnd({ paths }: DaemonPlace, signal: AbortSignal): Promise<void> {
  const ms = timeouts.vmPowerOff + timeouts.vmTerminate;
  if (process.platform === "win32") {
    return waitUntilUnheld(paths.daemonLock, { ms, what: "the daemon to end", hint }, signal);
  }
  const seconds = ms / 1000;
  const waiting = spawn("flock", ["--wait", String(seconds), paths.daemonLock, "true"], {
    stdio: "ignore",
    signal,
  });
  const [status] = await once(waiting, "exit").catch((error: unknown) => {
    if (signal.aborted) throw cancelled(signal);
    throw new TswslError("unavailable", "cannot run flock", {
      cause: error,
      hint: "Install it: apt install util-linux",
    });
  });
  if (status !== NOT_IN_TIME) return;
  throw new TswslError("timeout", `the daemon has not ended within ${seconds} s`, {
    hint,
  });
}
