import type { Socket } from "node:net";
import { asTswslError, TswslError } from "../base/errors.ts";
import { timeouts } from "../base/timeouts.ts";
import { ClientHeader, daemonContract } from "../protocol/daemon.ts";
import { readHeader } from "../protocol/frame-header.ts";
import { FrameConnection } from "../protocol/frame-channel.ts";
import { encodeJsonFrame, FrameType } from "../protocol/frames.ts";
import { RpcConnection, serveContract } from "../protocol/rpc.ts";
import type { Daemon } from "./compose.ts";
import { daemonHandlers } from "./handlers.ts";
import { listenLocally } from "./listen-locally.ts";
import { serveCommand } from "./serve-command.ts";
import { serveRead } from "./serve-read.ts";

/** The local API while it listens. */
export interface ClientServer {
  /** Takes no more clients, tells those there are that the daemon stops, and drops those that stay. */
  close(): Promise<void>;
}

/** Listens for clients; each connection says first what it is for. */
export async function serveClients(daemon: Daemon): Promise<ClientServer> {
  const stopping = new AbortController();
  const sockets = new Set<Socket>();
  const handlers = daemonHandlers(daemon);
  const server = await listenLocally(daemon.paths, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    // A client that vanishes is seen by whoever serves it; without a listener it would end the daemon.
    socket.on("error", () => undefined);
    serveOne(daemon, handlers, { socket, signal: stopping.signal }).catch((error: unknown) =>
      refuse(daemon, socket, error),
    );
  });
  return {
    close: () =>
      new Promise((resolve) => {
        // Called back when the last connection has gone.
        server.close(() => resolve());
        stopping.abort(stopped());
        const drop = (): void => sockets.forEach((socket) => socket.destroy());
        setTimeout(drop, timeouts.linkClose).unref();
      }),
  };
}

interface Client {
  readonly socket: Socket;
  readonly signal: AbortSignal;
}

async function serveOne(
  daemon: Daemon,
  handlers: ReturnType<typeof daemonHandlers>,
  client: Client,
): Promise<void> {
  const { socket, signal } = client;
  const header = await readHeader(socket, ClientHeader, signal);
  switch (header.kind) {
    case "rpc":
      serveContract(new RpcConnection(socket), daemonContract, handlers, {
        signal,
        explain: (error) => daemon.loss.explain(error),
        onError: (method, error) =>
          daemon.log.info("call failed", { method, code: error.code, message: error.message }),
      });
      return;
    case "upload": {
      const connection = new FrameConnection(socket, { sends: [], receives: [FrameType.stdin] });
      daemon.uploads.offer(header.token, connection.readable(FrameType.stdin));
      return;
    }
    case "read":
      return serveRead(daemon, header, client);
    case "exec":
      await serveCommand(daemon, header, client);
  }
}

function stopped(): TswslError {
  return new TswslError("disconnected", "the daemon was stopped", {
    hint: "The next command starts it again.",
  });
}

/** The last thing on a connection that could not be served: why. */
function refuse(daemon: Daemon, socket: Socket, error: unknown): void {
  const known = asTswslError(error);
  // Who looks whether we are there hangs up without a word.
  const level = known.code === "disconnected" ? "debug" : "info";
  daemon.log.log(level, "connection refused", { code: known.code, message: known.message });
  if (socket.writable) socket.end(encodeJsonFrame(FrameType.error, known.toWire()));
  // The client's unread bytes would otherwise keep the connection half open.
  socket.resume();
}
