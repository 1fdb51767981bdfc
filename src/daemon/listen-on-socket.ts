import { mkdir, rm, stat } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import { TswslError } from "../base/errors.ts";

/**
 * Listens on a private unix socket. Its directory is made 0700 and must belong to this user; a socket that nobody
 * answers on is left over and removed. Raises `exists` when another daemon answers, `permission` for a directory
 * that is not ours.
 */
export async function listenOnSocket(path: string, onConnection: (socket: Socket) => void): Promise<Server> {
  await ensurePrivateDirectory(dirname(path));
  if (await answers(path)) throw new TswslError("exists", `a daemon is already listening on ${path}`);
  await rm(path, { force: true });
  // Half-open: a client that has sent all of its input still waits for output.
  const server = createServer({ allowHalfOpen: true }, onConnection);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ path, readableAll: false, writableAll: false }, resolve);
  });
  return server;
}

/** Makes the directory 0700, or checks that the one there is ours and closed to others. */
async function ensurePrivateDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const { uid, mode } = await stat(path);
  const user = process.getuid?.();
  if ((user === undefined || uid === user) && (mode & 0o077) === 0) return;
  throw new TswslError("permission", `${path} must belong to you and be closed to others (mode 700)`, {
    hint: `Check who made it: ls -ld ${path}; then remove it or: chmod 700 ${path}`,
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
    probe.once("error", () => resolve(false));
  });
}
