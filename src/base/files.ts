import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { statePaths, type TswslPaths } from "./state-paths.ts";
import { windowsPaths } from "./windows/paths.ts";

export type { TswslPaths };

/**
 * The paths for this user. `TSWSL_HOME` moves state and sockets together, so that several instances can live side
 * by side (tests do). A socket path has a limit of 107 bytes on Linux, so its name is short.
 */
export function tswslPaths(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): TswslPaths {
  return platform === "win32" ? windowsPaths(env, homedir()) : linuxPaths(env);
}

function linuxPaths(env: NodeJS.ProcessEnv): TswslPaths {
  const user = homedir();
  const override = env["TSWSL_HOME"];
  const home = override ?? join(env["XDG_DATA_HOME"] ?? join(user, ".local/share"), "tswsl");
  const runtime = override ? join(override, "run") : runtimeDirectory(env);
  return {
    ...statePaths(home, join),
    runtime,
    folders: foldersDirectory(env, user),
    daemonSocket: join(runtime, "tswsld.sock"),
    daemonLock: join(runtime, "tswsld.lock"),
    consoleSocket: join(runtime, "console.sock"),
    cache: env["TSWSL_CACHE"] ?? join(env["XDG_CACHE_HOME"] ?? join(user, ".cache"), "tswsl"),
  };
}

/** Where distros' files are shown on Linux: in the home directory, where a person finds them. */
export function foldersDirectory(env: NodeJS.ProcessEnv, user: string): string {
  const override = env["TSWSL_HOME"];
  return override ? join(override, "folders") : join(user, "tswsl");
}

function runtimeDirectory(env: NodeJS.ProcessEnv): string {
  const xdg = env["XDG_RUNTIME_DIR"];
  // Without a login session there is no XDG directory; the uid keeps users apart, the daemon checks owner and mode.
  return xdg ? join(xdg, "tswsl") : join("/tmp", `tswsl-${userInfo().uid}`);
}
