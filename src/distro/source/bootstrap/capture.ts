import { execFile } from "node:child_process";
import { cancelled, throwIfAborted } from "../../../base/deadline.ts";
import { TswslError } from "../../../base/errors.ts";

/** More than any answer of apt; a longer one is an error. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/**
 * The standard output of a short-lived program of the host, run in the C locale. Raises `unavailable` when it is
 * missing or fails, `timeout` (killed then) and `cancelled`.
 */
export async function capture(
  [program, ...args]: readonly [string, ...string[]],
  { ms, signal }: { ms: number; signal: AbortSignal },
): Promise<string> {
  throwIfAborted(signal);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const options = { timeout: ms, maxBuffer: MAX_OUTPUT_BYTES, signal, env: { ...process.env, LC_ALL: "C" } };
  execFile(program, args, options, (error, stdout, stderr) => {
    if (!error) resolve(stdout);
    else if (signal.aborted) reject(cancelled(signal));
    else if (error.killed)
      reject(new TswslError("timeout", `timed out after ${ms / 1000} s waiting for ${program}`));
    else
      reject(
        new TswslError("unavailable", `${program}: ${stderr.trim() || error.message}`, { cause: error }),
      );
  });
  return promise;
}
