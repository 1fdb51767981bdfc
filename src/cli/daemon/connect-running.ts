import type { Socket } from "node:net";
import { hostSecurity } from "../../base/windows/host-security.ts";
import { checkPipeServer } from "./check-pipe-server.ts";
import { checkRuntimeDirectory } from "./check-runtime-directory.ts";
import type { DaemonPlace } from "./daemon-place.ts";
import { openSocket } from "./open-socket.ts";

/** A connection to the daemon that runs; undefined when none does. Raises `permission` for somebody else's. */
export async function connectRunning(
  { paths }: DaemonPlace,
  signal: AbortSignal,
): Promise<Socket | undefined> {
  if (process.platform !== "win32") checkRuntimeDirectory(paths.runtime);
  else if (!(await checkPipeServer(paths.daemonSocket, hostSecurity(), signal))) return undefined;
  return openSocket(paths.daemonSocket, signal);
}
