import type { TswslPaths } from "../../base/files.ts";

/** Where the daemon is, or is to be started. */
export interface DaemonPlace {
  readonly paths: Pick<TswslPaths, "runtime" | "daemonSocket" | "daemonLock" | "daemonLog">;
  /** The daemon's bundle, run by this very Node, unless both are in one executable. */
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
}
