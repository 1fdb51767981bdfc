/** Where tswsl keeps things: every name in the state directory is written here once; see docs/state.md. */
interface StatePaths {
  /** State: the registry of distros, the store disk. `$TSWSL_HOME`, else the user's data directory. */
  readonly home: string;
  readonly registryFile: string;
  readonly settingsFile: string;
  readonly acceleratorFile: string;
  /** The store disk as a raw file, for QEMU. */
  readonly storeDisk: string;
  /** The store disk as HCS wants it. */
  readonly storeVhdx: string;
  /** The VM as it is when its agent is ready: made again whenever it does not fit. */
  readonly savedVm: string;
  readonly downloads: string;
  readonly logs: string;
  readonly daemonLog: string;
  readonly consoleLog: string;
}

/** The state directory and what is elsewhere. */
export interface TswslPaths extends StatePaths {
  /** Runtime: on Linux the sockets' directory, 0700, gone at reboot. */
  readonly runtime: string;
  /** On Linux: where distros' files are shown to the host's programs. On Windows they are below `\\\\tswsl$`: undefined. */
  readonly folders: string | undefined;
  /** A unix socket, on Windows a named pipe; so is the console's. */
  readonly daemonSocket: string;
  readonly daemonLock: string;
  readonly consoleSocket: string;
  /** Rebuildable things, keyed by content: kernel, system image. */
  readonly cache: string;
}

/** What is in the state directory, under one name on every host. `join` is that of the host. */
export function statePaths(home: string, join: (...parts: string[]) => string): StatePaths {
  const logs = join(home, "logs");
  return {
    home,
    registryFile: join(home, "distros.json"),
    settingsFile: join(home, "settings.json"),
    acceleratorFile: join(home, "accelerator.json"),
    storeDisk: join(home, "store.img"),
    storeVhdx: join(home, "store.vhdx"),
    savedVm: join(home, "saved-vm"),
    downloads: join(home, "downloads"),
    logs,
    daemonLog: join(logs, "daemon.log"),
    consoleLog: join(logs, "console.log"),
  };
}
