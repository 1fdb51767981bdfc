import { connect, type Socket } from "node:net";
import { cancelled, throwIfAborted } from "../../base/deadline.ts";
import { TswslError } from "../../base/errors.ts";

/** `sun_path` of unix(7) holds 108 bytes, the last of them zero. */
const MAX_SOCKET_PATH = 107;

/**
 * Connects to the daemon's socket; undefined when nobody listens there. Half-open: the end of our input is not the
 * end of the command's output. Raises `invalid-argument` for a path the system cannot take, `permission`, `unavailable`.
 */
export async function openSocket(path: string, signal: AbortSignal): Promise<Socket | undefined> {
  throwIfAborted(signal);
  if (process.platform !== "win32" && Buffer.byteLength(path) > MAX_SOCKET_PATH) throw pathTooLong(path);
  const socket = connect({ path, allowHalfOpen: true });
  const { promise, resolve, reject } = Promise.withResolvers<Socket | undefined>();
  const onAbort = (): void => reject(cancelled(signal));
  signal.addEventListener("abort", onAbort, { once: true });
  const onConnect = (): void => resolve(socket);
  const onError = (error: NodeJS.ErrnoException): void => {
    if (error.code === "ENOENT" || error.code === "ECONNREFUSED") resolve(undefined);
    else reject(connectFailed(path, error));
  };
  socket.once("connect", onConnect);
  socket.once("error", onError);
  try {
    return await promise;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    socket.off("connect", onConnect);
    socket.off("error", onError);
    signal.removeEventListener("abort", onAbort);
  }
}

function connectFailed(path: string, error: NodeJS.ErrnoException): TswslError {
  const code = error.code === "EACCES" || error.code === "EPERM" ? "permission" : "unavailable";
  return new TswslError(code, `cannot connect to ${path}: ${error.message}`, {
    cause: error,
    hint: `See whose it is: ls -l ${path}`,
  });
}

function pathTooLong(path: string): TswslError {
  return new TswslError(
    "invalid-argument",
    `the path of the daemon's socket is longer than ${MAX_SOCKET_PATH} bytes: ${path}`,
    { hint: "Set TSWSL_HOME to a directory with a shorter path." },
  );
}
