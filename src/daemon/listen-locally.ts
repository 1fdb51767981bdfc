import type { Server, Socket } from "node:net";
import type { TswslPaths } from "../base/files.ts";
import { hostSecurity } from "../base/windows/host-security.ts";
import { listenOnPipe } from "./listen-on-pipe.ts";
import { listenOnSocket } from "./listen-on-socket.ts";

/** Listens where the clients of this user look for the daemon, and nobody else may. Raises `exists`, `permission`. */
export async function listenLocally(
  { daemonSocket, home }: Pick<TswslPaths, "daemonSocket" | "home">,
  onConnection: (socket: Socket) => void,
): Promise<Server> {
  return process.platform === "win32"
    ? listenOnPipe({ pipe: daemonSocket, home }, hostSecurity(), onConnection)
    : listenOnSocket(daemonSocket, onConnection);
}
