import { spawn } from "node:child_process";
import { win32 } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { TswslError } from "../../base/errors.ts";
import { timeouts } from "../../base/timeouts.ts";

export interface Desktop {
  readonly windows: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/**
 * Shows a file or folder of this host: in Explorer, or as xdg-open(1) chooses. Resolves when it has been handed over.
 * Raises `unavailable` when there is no desktop to show it on, and what xdg-open says.
 */
export async function showInDesktop(path: string, { windows, env, signal }: Desktop): Promise<void> {
  if (windows) {
    // Its exit status is 1 whatever it did.
    await run(win32.join(env["SystemRoot"] ?? "C:\\Windows", "explorer.exe"), path, { env, signal });
    return;
  }
  if (!env["DISPLAY"] && !env["WAYLAND_DISPLAY"]) throw noDesktop(path);
  const status = await run("xdg-open", path, { env, signal });
  if (status !== undefined && status !== 0) throw refused(path, status);
}

/** The exit status; undefined for a program that is still there after a while, as one that shows the file itself is. */
async function run(
  program: string,
  path: string,
  { env, signal }: Omit<Desktop, "windows">,
): Promise<number | undefined> {
  const child = spawn(program, [path], { env, detached: true, stdio: "ignore" });
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  child.once("error", (error: NodeJS.ErrnoException) => reject(notStarted(program, path, error)));
  child.once("exit", (status) => resolve(status ?? 1));
  const over = new AbortController();
  const waiting = AbortSignal.any([signal, over.signal]);
  try {
    return await Promise.race([promise, delay(timeouts.desktopAnswer, undefined, { signal: waiting })]);
  } finally {
    over.abort();
    child.unref();
  }
}

function noDesktop(path: string): TswslError {
  return new TswslError(
    "unavailable",
    "there is no desktop here: neither DISPLAY nor WAYLAND_DISPLAY is set",
    {
      hint: `It is at ${path}`,
    },
  );
}

function notStarted(program: string, path: string, cause: NodeJS.ErrnoException): TswslError {
  const missing = cause.code === "ENOENT";
  return new TswslError(
    "unavailable",
    missing ? `there is no ${program} on this host` : `${program} cannot be started: ${cause.message}`,
    { cause, hint: `${missing && program === "xdg-open" ? "Install xdg-utils. " : ""}It is at ${path}` },
  );
}

/** xdg-open(1): 2 no such file, 3 no program for it, 4 the program failed. */
function refused(path: string, status: number): TswslError {
  const reason = status === 3 ? "no program is known for it" : `xdg-open ended with status ${status}`;
  return new TswslError("unavailable", `'${path}' cannot be shown: ${reason}`, {
    hint: "Choose a program for it: xdg-mime default PROGRAM.desktop TYPE",
  });
}
