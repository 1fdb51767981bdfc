import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { cancelled, withDeadline } from "../../base/deadline.ts";
import { isTswslError, TswslError } from "../../base/errors.ts";
import { timeouts } from "../../base/timeouts.ts";
import { connectRunning } from "./connect-running.ts";
import type { DaemonPlace } from "./daemon-place.ts";
import { startDaemon, type StartedDaemon } from "./start-daemon.ts";

/** Between two attempts to reach a daemon that starts: a tenth of what starting takes. */
const RETRY_MS = 20;
/** Between two attempts to start one while another, which starts or stops, holds the lock: each costs a process. */
const LOCKED_MS = 200;

/**
 * Starts the daemon and connects to it. Clients that do so at once start several; the lock leaves one, and all reach
 * that one. While a daemon that stops still holds the lock, starting is tried again. Raises `unavailable` with the
 * daemon's last words when it ends at once.
 */
export async function connectStarting(place: DaemonPlace, signal: AbortSignal): Promise<Socket> {
  const deadline = {
    // One that is about to stop may first have to power the VM off.
    ms: timeouts.daemonStart + timeouts.vmPowerOff,
    what: "the daemon to start",
    hint: "See why: tswsl logs",
  };
  let locked = false;
  const attempt = async (within: AbortSignal): Promise<Socket> => {
    for (;;) {
      const daemon = await startDaemon(place);
      try {
        const socket = await reach(place, daemon, within);
        if (socket !== undefined) return socket;
        locked = true;
      } finally {
        daemon.forget();
      }
      await pause(LOCKED_MS, within);
    }
  };
  return withDeadline(signal, deadline, attempt).catch((error: unknown) => {
    throw locked && isTswslError(error, "timeout") ? heldLock(place, error) : error;
  });
}

/** QEMU inherits the lock: a machine that outlives its daemon keeps the store for itself. */
function heldLock({ paths }: DaemonPlace, cause: TswslError): TswslError {
  return new TswslError(
    "timeout",
    `a daemon that does not answer, or its virtual machine, still holds ${paths.daemonLock}`,
    { cause, hint: `See which process it is, and end it: ${holder(paths.daemonLock)}` },
  );
}

/** The command that names the process: a file's on Linux, a pipe's on Windows. */
function holder(lock: string): string {
  if (process.platform !== "win32") return `fuser -v ${lock}`;
  return `powershell -c "Get-Process tswsl" (it holds ${lock})`;
}

/** A connection to this daemon, or to one that was faster; undefined when there is neither. */
async function reach(
  place: DaemonPlace,
  daemon: StartedDaemon,
  signal: AbortSignal,
): Promise<Socket | undefined> {
  for (;;) {
    // Asked before connecting: one that ended in between has been connected to, or never will be.
    const state = daemon.state();
    const socket = await connectRunning(place, signal);
    if (socket !== undefined || state === "locked-out") return socket;
    if (state !== "running") throw await died(place, daemon, state.ended);
    await pause(RETRY_MS, signal);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {
    throw cancelled(signal);
  });
}

async function died(
  { paths }: DaemonPlace,
  daemon: StartedDaemon,
  end: number | string,
): Promise<TswslError> {
  const words = await daemon.lastWords();
  const how = typeof end === "number" ? `with status ${end}` : `by ${end}`;
  return new TswslError(
    "unavailable",
    `the daemon ended at once, ${how}${words === undefined ? "" : `: ${words.message}`}`,
    {
      hint: words?.hint ?? `All that it said: ${paths.daemonLog}, or: tswsl logs`,
    },
  );
}
