import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { cancelled, throwIfAborted } from "../../../base/deadline.ts";
import { TswslError } from "../../../base/errors.ts";
import { timeouts } from "../../../base/timeouts.ts";
import { bootstrapError } from "./bootstrap-error.ts";

export interface MmdebstrapRun {
  /** The program with its arguments, perhaps behind another one such as unshare(1). */
  readonly command: readonly [string, ...string[]];
  readonly stdin: string;
  readonly env: NodeJS.ProcessEnv;
  /** Takes its standard output; rejects when that cannot be stored. */
  readonly sink: (stdout: Readable) => Promise<void>;
  /** Each line of its standard error. */
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Of the messages, so much is kept for an error. */
const KEPT_LINES = 40;

/**
 * Runs mmdebstrap in a process group of its own and waits for its end. When the signal fires, the sink fails or
 * `timeouts.bootstrap` passes, the group gets SIGTERM (mmdebstrap then removes its tree) and later SIGKILL; the call
 * returns when it is gone. Raises `unavailable` with its own last words, `timeout`, `cancelled`, or the sink's error.
 */
export async function runMmdebstrap(run: MmdebstrapRun): Promise<void> {
  throwIfAborted(run.signal);
  const [program, ...args] = run.command;
  const child: Child = spawn(program, args, {
    env: run.env,
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ended = exitOf(child);
  const lines = collectLines(child, run.onLine);
  // Writing to a program that has already failed is no error of its own.
  child.stdin.on("error", () => undefined).end(run.stdin);
  const stop = stopper(child);
  const expired = AbortSignal.timeout(timeouts.bootstrap);
  const interrupt = AbortSignal.any([run.signal, expired]);
  interrupt.addEventListener("abort", stop.start, { once: true });
  try {
    const stored = run.sink(child.stdout).catch((error: unknown) => {
      stop.start();
      throw error;
    });
    const [end, sunk] = await Promise.allSettled([ended, stored]);
    if (run.signal.aborted) throw cancelled(run.signal);
    if (expired.aborted)
      throw new TswslError("timeout", `mmdebstrap did not finish in ${timeouts.bootstrap / 60_000} min`);
    if (end.status === "rejected") throw bootstrapError(end.reason, lines);
    // When both failed, the program's failure is the cause unless we stopped it for the sink's sake.
    if (end.value !== 0 && !stop.started) throw bootstrapError(end.value, lines);
    if (sunk.status === "rejected") throw sunk.reason;
    if (end.value !== 0) throw bootstrapError(end.value, lines);
  } finally {
    interrupt.removeEventListener("abort", stop.start);
    stop.finish();
  }
}

/** The exit status, or the name of the signal that ended it; rejects when it could not be started. */
function exitOf(child: Child): Promise<number | string> {
  const { promise, resolve, reject } = Promise.withResolvers<number | string>();
  child.once("error", reject).once("close", (code, signal) => resolve(code ?? signal ?? "unknown"));
  return promise;
}

interface Stopper {
  readonly start: () => void;
  readonly finish: () => void;
  readonly started: boolean;
}

function stopper(child: Child): Stopper {
  let timer: NodeJS.Timeout | undefined;
  return {
    start: () => {
      if (timer) return;
      killGroup(child, "SIGTERM");
      timer = setTimeout(() => killGroup(child, "SIGKILL"), timeouts.processStop);
    },
    finish: () => clearTimeout(timer),
    get started() {
      return timer !== undefined;
    },
  };
}

function killGroup(child: Child, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    // Detached: the child leads a group of its own, whose id is its pid; the group may outlive its leader.
    process.kill(-child.pid, signal);
  } catch {
    // The last of the group ended in this moment.
  }
}

function collectLines(child: Child, onLine: (line: string) => void): readonly string[] {
  const kept: string[] = [];
  let rest = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split(/[\r\n]+/);
    rest = (lines.pop() ?? "").slice(0, 4096);
    for (const line of lines) {
      kept.push(line);
      if (kept.length > KEPT_LINES) kept.shift();
      onLine(line);
    }
  });
  return kept;
}
