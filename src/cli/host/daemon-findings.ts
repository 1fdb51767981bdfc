import { withDeadline } from "../../base/deadline.ts";
import { asTswslError, isTswslError } from "../../base/errors.ts";
import { timeouts } from "../../base/timeouts.ts";
import type { Finding } from "../../protocol/host.ts";
import type { Cli } from "../cli.ts";
import { checkRuntimeDirectory } from "../daemon/check-runtime-directory.ts";

/** What the client itself can tell: whether it would trust the way to the daemon, and whether one answers. Starts none. */
export async function daemonFindings(cli: Cli): Promise<readonly Finding[]> {
  const directory = await runtimeFinding(cli.paths.runtime);
  // A socket in somebody else's directory is not asked anything.
  if (directory.state === "missing") return [directory];
  return [directory, await daemonFinding(cli)];
}

async function runtimeFinding(path: string): Promise<Finding> {
  const check = "runtime directory";
  try {
    checkRuntimeDirectory(path);
    return { check, state: "ok", what: `${path} is yours alone, or yet to be made`, remedy: null };
  } catch (error) {
    const { message, hint } = asTswslError(error);
    return { check, state: "missing", what: message, remedy: hint ?? null };
  }
}

async function daemonFinding({ daemon, paths, signal }: Cli): Promise<Finding> {
  const check = "daemon";
  const deadline = { ms: timeouts.daemonAnswer, what: "the daemon's answer" };
  try {
    if (!(await withDeadline(signal, deadline, (limit) => daemon.isRunning(limit)))) {
      return { check, state: "ok", what: "no daemon runs; the next command starts one", remedy: null };
    }
    const { daemon: running } = await daemon.call("status", {}, { signal, deadline });
    return { check, state: "ok", what: `the daemon answers (process ${running.pid})`, remedy: null };
  } catch (error) {
    if (isTswslError(error, "cancelled")) throw error;
    const { message } = asTswslError(error);
    return {
      check,
      state: "missing",
      what: `a daemon is there but does not answer: ${message}`,
      remedy: `See what it is doing: tswsl logs. To end it: ${endOf(paths.daemonLock)}`,
    };
  }
}

function endOf(lock: string): string {
  return process.platform === "win32" ? "taskkill /f /im tswsl.exe" : `fuser -k ${lock}`;
}
