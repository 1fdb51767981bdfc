import type { Socket } from "node:net";
import { checkRuntimeDirectory } from "./check-runtime-directory.ts";
import type { DaemonPlace } from "./daemon-place.ts";
import { openSocket } from "./open-socket.ts";

/** A connection to the daemon that runs; undefined when none does. Raises `permission` for a directory that is not ours. */
export async function connectRunning(
  { paths }: DaemonPlace,
  signal: AbortSignal,
): Promise<Socket | undefined> {
  await checkRuntimeDirectory(paths.runtime);
  return openSocket(paths.daemonSocket, signal);
}
