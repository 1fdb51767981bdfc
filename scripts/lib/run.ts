import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { ScriptError } from "./script-error.ts";

export interface RunOptions {
  signal: AbortSignal;
  cwd?: string;
  env?: Record<string, string>;
  /** Called for each line of standard output; without it the output is returned whole. */
  onLine?: (line: string) => void;
}

/** How much of a failed command's last words is shown. */
const LAST_WORDS = 30;

/**
 * Runs a program to its end and returns its standard output. A non-zero exit is a ScriptError with the end of what the
 * program said. Cancelling ends the program and its children before the promise settles, so that nothing still writes into
 * a folder about to be removed.
 */
export async function run(program: string, args: readonly string[], options: RunOptions): Promise<string> {
  options.signal.throwIfAborted();
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...process.env, LC_ALL: "C", ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    // A process group of its own: `make` has children, and all of them must go.
    detached: true,
  });
  const kill = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  };
  options.signal.addEventListener("abort", kill, { once: true });

  const kept: string[] = [];
  const lastWords: string[] = [];
  const remember = (line: string): void => {
    lastWords.push(line);
    if (lastWords.length > LAST_WORDS) lastWords.shift();
  };
  createInterface({ input: child.stdout }).on("line", (line) => {
    remember(line);
    if (options.onLine) options.onLine(line);
    else kept.push(line);
  });
  createInterface({ input: child.stderr }).on("line", remember);

  try {
    const status = await new Promise<number | string>((done, failed) => {
      child.on("error", failed);
      child.on("close", (code, signal) => done(code ?? signal ?? "unknown"));
    });
    options.signal.throwIfAborted();
    if (status !== 0) {
      throw new ScriptError(
        `${program} ${args.join(" ")} ended with ${status}:\n${lastWords.join("\n")}`,
        "read the lines above; they are the last that the program wrote",
      );
    }
    return kept.join("\n");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new ScriptError(`${program} is not installed`, `install the package that holds ${program}`, error);
  } finally {
    options.signal.removeEventListener("abort", kill);
  }
}
