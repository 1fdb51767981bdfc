import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, open } from "node:fs/promises";
import { dirname, parse } from "node:path";
import { asTswslError, TswslError } from "../../base/errors.ts";
import { daemonCommand, LOCKED } from "../../base/program.ts";
import type { DaemonPlace } from "./daemon-place.ts";
import { lastWords, type LastWords } from "./last-words.ts";

/** A daemon process that this client has started; it lives on when the client ends. */
export interface StartedDaemon {
  /** Whether it still runs, found another daemon in its place, or how it ended: a status, or a signal's name. */
  state(): "running" | "locked-out" | { readonly ended: number | string };
  /** What it said, if anything. */
  lastWords(): Promise<LastWords | undefined>;
  /** Stops watching it, so that this process may end. */
  forget(): void;
}

/**
 * Starts the daemon apart from this terminal and session, under an exclusive lock that it keeps until its end, so that
 * there is one for each state directory. Raises `unavailable` when it cannot even be started.
 */
export async function startDaemon({ paths, program, env }: DaemonPlace): Promise<StartedDaemon> {
  const { daemonLog, daemonLock } = paths;
  try {
    await mkdir(dirname(daemonLog), { recursive: true, mode: 0o700 });
    await mkdir(dirname(daemonLock), { recursive: true, mode: 0o700 });
    const log = await open(daemonLog, "a", 0o600);
    const { size } = await log.stat();
    const [command, ...args] = lockedCommand(daemonLock, daemonCommand(program));
    // Its working directory would otherwise pin a file system that the user may want to unmount, or a folder to remove.
    const child = spawn(command, args, {
      cwd: parse(process.execPath).root,
      detached: true,
      env,
      stdio: ["ignore", log.fd, log.fd],
      windowsHide: true,
    });
    // Before anything is waited for: one that finds the lock taken ends within milliseconds.
    const daemon = watchDaemon(child, async () => lastWords(daemonLog, size));
    await log.close();
    return daemon;
  } catch (error) {
    throw cannotStart(error, daemonLog);
  }
}

type Command = ReturnType<typeof daemonCommand>;

/**
 * Node has no file locks; flock(1) of util-linux takes one and becomes the program. On Windows the daemon takes the lock
 * itself, see daemon/hold-lock.ts, and ends with the same status where another has it.
 */
function lockedCommand(lock: string, command: Command): Command {
  if (process.platform === "win32") return command;
  return ["flock", "--nonblock", "--no-fork", "--conflict-exit-code", String(LOCKED), lock, ...command];
}

function watchDaemon(child: ChildProcess, words: () => Promise<LastWords | undefined>): StartedDaemon {
  let end: number | string | undefined;
  child.once("error", (error) => {
    end = error.message;
  });
  child.once("exit", (code, signal) => {
    end = code ?? signal ?? "unknown";
  });
  child.unref();
  return {
    state: () => (end === undefined ? "running" : end === LOCKED ? "locked-out" : { ended: end }),
    lastWords: words,
    forget: () => child.removeAllListeners(),
  };
}

function cannotStart(error: unknown, log: string): TswslError {
  return new TswslError("unavailable", `the daemon could not be started: ${asTswslError(error).message}`, {
    cause: error,
    hint: `Check that you may write to ${dirname(log)}`,
  });
}
