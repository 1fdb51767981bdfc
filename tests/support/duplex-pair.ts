import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { type Duplex, duplexPair as nodeDuplexPair } from "node:stream";
import { temporaryDirectory } from "./temporary-directory.ts";

/** Two ends of a byte stream in memory. As with a socket, the end of one side for good is the end of the other. */
export function duplexPair(): [Duplex, Duplex] {
  const [left, right] = nodeDuplexPair();
  left.once("close", () => right.destroy());
  right.once("close", () => left.destroy());
  return [left, right];
}

/** Two ends of a unix socket, both half-open as the daemon's are. */
export async function unixSocketPair(): Promise<[Socket, Socket]> {
  const path = join(await temporaryDirectory(), "pair.sock");
  const server = createServer({ allowHalfOpen: true }).listen(path);
  await once(server, "listening");
  const left = connect({ path, allowHalfOpen: true });
  // once() resolves with the arguments of the event; a server's connection event has one, the socket.
  const [right] = (await once(server, "connection")) as [Socket];
  server.close();
  return [left, right];
}
