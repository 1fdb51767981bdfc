import { homedir, userInfo } from "node:os";
import { join } from "node:path";

/** Where tswsl keeps things. Every name that can appear on disk is written here once; see docs/state.md. */
export interface TswslPaths {
  /** State: the registry of distros, the store disk. `$TSWSL_HOME`, else the XDG data directory. */
  readonly home: string;
  readonly registryFile: string;
  readonly settingsFile: string;
  readonly acceleratorFile: string;
  readonly storeDisk: string;
  /** The VM as it is when its agent is ready: made again whenever it does not fit. */
  readonly savedVm: string;
  readonly downloads: string;
  readonly logs: string;
  readonly daemonLog: string;
  readonly consoleLog: string;
  /** Runtime: sockets, 0700, gone at reboot. */
  readonly runtime: string;
  readonly daemonSocket: string;
  readonly daemonLock: string;
  readonly consoleSocket: string;
  /** Rebuildable things, keyed by content: kernel, system image. */
  readonly cache: string;
}

/**
 * The paths for this user. `TSWSL_HOME` moves state and sockets together, so that several instances can live side
 * by side (tests do). A socket path has a limit of 107 bytes on Linux, so its name is short.
 */
export function tswslPaths(env: NodeJS.ProcessEnv = process.env): TswslPaths {
  const user = homedir();
  const override = env["TSWSL_HOME"];
  const home = override ?? join(env["XDG_DATA_HOME"] ?? join(user, ".local/share"), "tswsl");
  const runtime = override ? join(override, "run") : runtimeDirectory(env);
  const logs = join(home, "logs");
  return {
    home,
    registryFile: join(home, "distros.json"),
    settingsFile: join(home, "settings.json"),
    acceleratorFile: join(home, "accelerator.json"),
    storeDisk: join(home, "store.img"),
    savedVm: join(home, "saved-vm"),
    downloads: join(home, "downloads"),
    logs,
    daemonLog: join(logs, "daemon.log"),
    consoleLog: join(logs, "console.log"),
    runtime,
    daemonSocket: join(runtime, "tswsld.sock"),
    daemonLock: join(runtime, "tswsld.lock"),
    consoleSocket: join(runtime, "console.sock"),
    cache: env["TSWSL_CACHE"] ?? join(env["XDG_CACHE_HOME"] ?? join(user, ".cache"), "tswsl"),
  };
}

function runtimeDirectory(env: NodeJS.ProcessEnv): string {
  const xdg = env["XDG_RUNTIME_DIR"];
  // Without a login session there is no XDG directory; the uid keeps users apart, the daemon checks owner and mode.
  return xdg ? join(xdg, "tswsl") : join("/tmp", `tswsl-${userInfo().uid}`);
}
