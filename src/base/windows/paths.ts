import { createHash } from "node:crypto";
import { win32 } from "node:path";
import { statePaths, type TswslPaths } from "../state-paths.ts";

/** Where every named pipe is; it has no folders. */
const PIPES = "\\\\.\\pipe\\";

/**
 * The paths of a Windows user: everything below %LOCALAPPDATA%, which does not roam, but for the pipes. Those are named
 * after the state directory, so that a service that serves a user's directory is found as the user's own daemon is, and
 * nobody needs a user's SID to find them. A name is no protection: see daemon/pipe-security.ts.
 */
export function windowsPaths(env: NodeJS.ProcessEnv, user: string): TswslPaths {
  const join = (...parts: string[]): string => win32.join(...parts);
  const local = env["LOCALAPPDATA"] || join(user, "AppData", "Local");
  const home = win32.resolve(env["TSWSL_HOME"] || join(local, "tswsl"));
  const pipe = `${PIPES}tswsl-${digest(home)}`;
  return {
    ...statePaths(home, join),
    runtime: join(home, "run"),
    folders: undefined,
    daemonSocket: pipe,
    daemonLock: join(home, "run", "tswsld.lock"),
    consoleSocket: `${pipe}-console`,
    cache: env["TSWSL_CACHE"] || join(local, "tswsl", "cache"),
  };
}

/** One for all spellings of a directory: Windows does not tell `C:\Me` from `c:\me`. */
function digest(directory: string): string {
  return createHash("sha256").update(directory.toLowerCase()).digest("hex").slice(0, 16);
}
