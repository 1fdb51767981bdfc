import { createServer, type Server, type Socket } from "node:net";
import { TswslError } from "../base/errors.ts";
import type { HostSecurity } from "../base/windows/host-security.ts";
import { protectPipe } from "./pipe-security.ts";

/**
 * Listens on a named pipe that is closed to other users. Raises `exists` when another process listens there, who may be
 * anybody, and `permission` when it cannot be closed to others.
 */
export async function listenOnPipe(
  { pipe, home }: { pipe: string; home: string },
  security: HostSecurity,
  onConnection: (socket: Socket) => void,
): Promise<Server> {
  // A pipe has no half-close: libuv ends both ways soon after the end of one. The protocol does without it.
  const server = createServer({ allowHalfOpen: true }, onConnection);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", (error: NodeJS.ErrnoException) => {
    reject(error.code === "EADDRINUSE" ? occupied(pipe, error) : error);
  });
  server.listen(pipe, () => resolve());
  await promise;
  try {
    await protectPipe(security, pipe, { home });
  } catch (error) {
    server.close();
    throw error;
  }
  return server;
}

function occupied(pipe: string, cause: Error): TswslError {
  return new TswslError("exists", `another process listens on ${pipe}`, {
    cause,
    hint: "If it is a daemon of yours, end it: tswsl shutdown --daemon",
  });
}
