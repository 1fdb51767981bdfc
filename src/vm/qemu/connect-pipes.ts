import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { cancelled, withDeadline } from "../../base/deadline.ts";
import { TswslError } from "../../base/errors.ts";
import { timeouts } from "../../base/timeouts.ts";

/** Between two looks for a pipe that QEMU has yet to make. */
const RETRY_MS = 5;

export interface ConnectPipesOptions {
  /** In the order in which QEMU makes them. */
  readonly paths: readonly string[];
  /** Resolves when QEMU is gone. */
  readonly exited: Promise<unknown>;
}

/**
 * Connects to QEMU's pipes one after the other: it makes each and waits for its client before it makes the next. Raises
 * `disconnected` when QEMU ends before, `timeout`, `cancelled`; what was connected is closed then.
 */
export async function connectPipes(
  { paths, exited }: ConnectPipesOptions,
  signal: AbortSignal,
): Promise<readonly Socket[]> {
  const gone = new AbortController();
  void exited.then(() =>
    gone.abort(new TswslError("disconnected", "QEMU ended before its pipes were connected")),
  );
  const deadline = { ms: timeouts.qemuPipes, what: "QEMU to make its pipes" };
  const sockets: Socket[] = [];
  try {
    return await withDeadline(AbortSignal.any([signal, gone.signal]), deadline, async (limit) => {
      for (const path of paths) sockets.push(await connectPipe(path, limit));
      return sockets;
    });
  } catch (error) {
    for (const socket of sockets) socket.destroy();
    throw error;
  }
}

async function connectPipe(path: string, signal: AbortSignal): Promise<Socket> {
  for (;;) {
    const socket = connect(path);
    try {
      await once(socket, "connect", { signal });
      // Until somebody takes it nobody listens for errors; a stream that is read reports its end anyway.
      socket.on("error", () => {});
      return socket;
    } catch (error) {
      socket.on("error", () => {}).destroy();
      if (signal.aborted) throw cancelled(signal);
      // Not made yet. ECONNREFUSED is what a unix socket says, in the tests.
      const { code } = error as NodeJS.ErrnoException;
      if (code !== "ENOENT" && code !== "ECONNREFUSED") {
        throw new TswslError("unavailable", `cannot connect to QEMU's pipe ${path}: ${String(error)}`, {
          cause: error,
        });
      }
    }
    await delay(RETRY_MS, undefined, { signal }).catch(() => {
      throw cancelled(signal);
    });
  }
}
