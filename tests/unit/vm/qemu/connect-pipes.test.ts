import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { connectPipes } from "../../../../src/vm/qemu/connect-pipes.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const { signal } = new AbortController();
const { promise: never } = Promise.withResolvers<void>();

/** As QEMU on Windows: makes one, waits for its client, makes the next. Unix sockets stand in for the pipes. */
async function servePipes(paths: readonly string[]): Promise<readonly Socket[]> {
  const clients: Socket[] = [];
  for (const path of paths) {
    const server = createServer();
    onTestFinished(async () => closed(server));
    server.listen(path);
    // The types of "connection" (node:net).
    const [client] = (await once(server, "connection")) as [Socket];
    clients.push(client);
  }
  return clients;
}

async function closed(server: Server): Promise<void> {
  await new Promise((resolve) => server.close(resolve));
}

test("pipes are connected in the order in which they are made", async () => {
  const directory = await temporaryDirectory();
  const paths = ["console", "0", "1"].map((name) => join(directory, name));
  const [sockets, clients] = await Promise.all([
    connectPipes({ paths, exited: never }, signal),
    servePipes(paths),
  ]);
  for (const [index, client] of clients.entries()) {
    client.write(`stream ${index}`);
    const [data] = await once(sockets[index] ?? client, "data");
    expect(String(data)).toBe(`stream ${index}`);
  }
  for (const socket of [...sockets, ...clients]) socket.destroy();
});

test("QEMU's end is the end of waiting, and of what was connected", async () => {
  const directory = await temporaryDirectory();
  const paths = ["0", "1"].map((name) => join(directory, name));
  const { promise: exited, resolve } = Promise.withResolvers<void>();
  const connecting = connectPipes({ paths, exited }, signal);
  const [client] = await servePipes(paths.slice(0, 1));
  const ended = once(client ?? createServer(), "close");
  client?.resume();
  resolve();
  await expect(connecting).rejects.toMatchObject({ code: "disconnected" });
  await ended;
});

test("a caller who gives up waits no longer", async () => {
  const aborter = new AbortController();
  const paths = [join(await temporaryDirectory(), "never")];
  const connecting = connectPipes({ paths, exited: never }, aborter.signal);
  aborter.abort();
  await expect(connecting).rejects.toMatchObject({ code: "cancelled" });
});
