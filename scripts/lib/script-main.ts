import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Progress } from "./progress.ts";
import { ScriptError } from "./script-error.ts";

/** The exit status of a program ended by Ctrl-C, as shells report it. */
const INTERRUPTED = 130;

let interrupted: AbortController | undefined;

/** Cancelled by Ctrl-C or SIGTERM, instead of the process ending there and then, so that it can clean up. */
export function interruptSignal(): AbortSignal {
  if (!interrupted) {
    const controller = new AbortController();
    const cancel = (): void => controller.abort();
    process.once("SIGINT", cancel).once("SIGTERM", cancel);
    interrupted = controller;
  }
  return interrupted.signal;
}

/**
 * Runs `main` when the module `url` is the program, and not when it is imported. An interruption cancels the
 * signal and lets `main` clean up; an error is printed with what to do about it.
 */
export async function runAsScript(
  url: string,
  main: (signal: AbortSignal, progress: Progress) => Promise<void>,
): Promise<void> {
  const program = process.argv[1];
  if (program === undefined || realpathSync(program) !== fileURLToPath(url)) return;

  const signal = interruptSignal();
  const progress = new Progress();
  try {
    await main(signal, progress);
  } catch (error) {
    progress.end();
    if (signal.aborted) {
      process.stderr.write("interrupted; nothing half done is left behind\n");
      process.exitCode = INTERRUPTED;
      return;
    }
    process.exitCode = 1;
    if (!(error instanceof ScriptError)) throw error;
    process.stderr.write(`error: ${error.message}\n  what to do: ${error.hint}\n`);
  }
}
