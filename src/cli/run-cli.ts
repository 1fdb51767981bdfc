import { setTimeout as delay } from "node:timers/promises";
import { asTswslError, isTswslError, TswslError } from "../base/errors.ts";
import { classify, isVerb } from "./arguments/classify.ts";
import type { Caller } from "./arguments/parse-run.ts";
import type { CliProcess } from "./cli.ts";
import { exitCode } from "./exit-codes.ts";
import { reportError } from "./output/report-error.ts";

/** Connecting to a socket of this machine takes no time; a daemon that is stopped does not hold us up. */
const LISTENING_MS = 1000;
const LOOKS = 5;
const LOOK_PAUSE_MS = 50;

/** Does what the arguments ask for and reports what fails; the exit status is the answer. Never rejects. */
export async function runCli(args: readonly string[], cli: CliProcess): Promise<number> {
  const kind = isVerb(args) ? "verb" : "run";
  try {
    return await perform(args, cli);
  } catch (error) {
    reportError(cli.stderr, await explained(cli, error), kind === "verb" && args.includes("--json"));
    return exitCode(asTswslError(error).code, kind);
  } finally {
    await cli.daemon.close();
  }
}

async function perform(args: readonly string[], cli: CliProcess): Promise<number> {
  const invocation = classify(args, callerOf(cli));
  if (invocation.kind === "run") {
    const { runCommand } = await import("./run/run-command.ts");
    return runCommand(invocation.request, cli);
  }
  const { executeVerb } = await import("./verbs/execute-verb.ts");
  return executeVerb(invocation.verb, invocation.args, cli);
}

/** Git's and MSYS2's shells set HOME on Windows too, and expand `~` to it. */
function callerOf({ env, cwd }: CliProcess): Caller {
  const windowsDirectory = process.platform === "win32" ? cwd : undefined;
  return { home: env["HOME"] ?? env["USERPROFILE"], windowsDirectory };
}

/**
 * What the protocol knows only as its peer is for the user the daemon, which keeps a log. A connection that ended without
 * a word was the end of the daemon if nobody listens any more.
 */
async function explained({ daemon }: CliProcess, error: unknown): Promise<unknown> {
  if (!isTswslError(error, "disconnected") || error.hint !== undefined) return error;
  const lives = await stillListens(daemon);
  return new TswslError("disconnected", lives ? "the daemon ended the connection" : "the daemon died", {
    cause: error,
    hint: "See why: tswsl logs. The next command starts it again.",
  });
}

/** A process that dies closes its connections a moment before the socket it listens on. */
async function stillListens(daemon: CliProcess["daemon"]): Promise<boolean> {
  for (let look = 0; look < LOOKS; look++) {
    if (!(await daemon.isRunning(AbortSignal.timeout(LISTENING_MS)).catch(() => true))) return false;
    await delay(LOOK_PAUSE_MS);
  }
  return true;
}
