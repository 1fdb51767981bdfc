import { describe, expect, test } from "vitest";
import { Client, encodeMessage, type FileNode, MemoryFileSystem, serve } from "../../../src/fs-9p/index.ts";
import { randomBytes, settle } from "../../support/bytes.ts";
import { duplexPair } from "../../support/duplex-pair.ts";
import { clientOf, RawPeer } from "../../support/nine-p.ts";
import { rejection } from "../../support/rejection.ts";
import { SlowFileSystem } from "../../support/slow-file-system.ts";

const root = { user: "me", uid: 0, path: "" };
const how = { mode: 0o644, gid: 0 };
const signal = (): AbortSignal => AbortSignal.timeout(10_000);

/** A client whose server is the test. */
async function against(options = {}): Promise<{ readonly client: Client; readonly server: RawPeer }> {
  const [near, far] = duplexPair();
  const server = new RawPeer(far);
  const connecting = Client.connect(near, signal(), { msize: 8192, ...options });
  await server.next();
  server.send("Rversion", 0xffff, { msize: 8192, version: "9P2000.L" });
  return { client: await connecting, server };
}
const qid = { type: 0x80, version: 1, path: 1 };

describe("connecting", () => {
  test.each([
    ["another version", { msize: 8192, version: "9P2000" }, "does not speak 9P2000.L"],
    ["a larger msize than was asked for", { msize: 8193, version: "9P2000.L" }, "messages of 8193 bytes"],
    ["a tiny msize", { msize: 10, version: "9P2000.L" }, "messages of 10 bytes"],
  ])("refuses %s", async (_what, body, message) => {
    const [near, far] = duplexPair();
    const server = new RawPeer(far);
    const connecting = rejection(Client.connect(near, signal(), { msize: 8192 }));
    await server.next();
    server.send("Rversion", 0xffff, body);
    expect(await connecting).toMatchObject({ code: "protocol", message: expect.stringContaining(message) });
    expect(near.destroyed).toBe(true);
  });

  test("ends with the caller's signal", async () => {
    const [near] = duplexPair();
    const controller = new AbortController();
    const connecting = rejection(Client.connect(near, controller.signal));
    controller.abort();
    expect(await connecting).toMatchObject({ code: "cancelled" });
  });
});

describe("a large file", () => {
  test.each([0, 1])("is written and read in pieces (read ahead %d)", async (readAheadBytes) => {
    const client = await clientOf(new MemoryFileSystem(), {
      client: { msize: 8192, readAheadBytes: readAheadBytes * 50_000, piecesInFlight: 3 },
    });
    const node = await client.attach(root);
    const { file } = await node.create("large", 2, how);
    const bytes = randomBytes(300_000);
    expect(await file.write(bytes, 0)).toBe(bytes.length);
    const back = Buffer.alloc(400_000);
    expect(await file.read(back, 0)).toBe(bytes.length);
    expect(back.subarray(0, bytes.length)).toEqual(bytes);
    const parts: Buffer[] = [];
    for (let at = 0; ;) {
      const part = Buffer.alloc(7001);
      const count = await file.read(part, at);
      if (count === 0) break;
      parts.push(part.subarray(0, count));
      at += count;
    }
    expect(Buffer.concat(parts)).toEqual(bytes);
    await file.close();
  });

  test("that is read ahead is not believed after it was written to", async () => {
    const client = await clientOf(new MemoryFileSystem(), { client: { msize: 8192 } });
    const node = await client.attach(root);
    const { file } = await node.create("large", 2, how);
    await file.write(Buffer.alloc(100_000, "a"), 0);
    const part = Buffer.alloc(4096);
    for (let at = 0; at < 40_960; at += 4096) await file.read(part, at);
    const other = await (await node.walk("large")).open(1);
    await other.write(Buffer.alloc(100_000, "b"), 0);
    expect(await file.read(part, 40_960)).toBe(4096);
    expect(part).toEqual(Buffer.alloc(4096, "b"));
  });
});

test("a long path is walked sixteen names at a time", async () => {
  const lines: string[] = [];
  const client = await clientOf(new MemoryFileSystem(), {
    client: { trace: (line) => lines.push(line.split(" ")[0] ?? "") },
  });
  let node = await client.attach(root);
  const path = Array.from({ length: 40 }, (_, index) => `d${index}`);
  for (const name of path) {
    await node.mkdir(name, how);
    node = await node.walk(name);
  }
  const top = await client.attach(root);
  lines.length = 0;
  const found = await top.walkPath(path);
  expect(found.qid.path).toBe(node.qid.path);
  expect(lines.filter((line) => line === "Twalk")).toHaveLength(3);
  const before = client.fids.count;
  expect(await rejection(top.walkPath([...path, "none"]))).toMatchObject({ code: "ENOENT" });
  expect(client.fids.count).toBe(before);
});

test("attributes are believed for as long as was asked, and until they are changed", async () => {
  const lines: string[] = [];
  const client = await clientOf(new MemoryFileSystem(), {
    client: { attributesMs: 60_000, trace: (line) => lines.push(line.split(" ")[0] ?? "") },
  });
  const node = await client.attach(root);
  const { node: file } = await node.create("a", 2, how);
  const asked = (): number => lines.filter((line) => line === "Tgetattr").length;
  await file.getattr();
  await file.getattr();
  expect(asked()).toBe(1);
  await file.setattr({ size: 10 });
  expect(await file.getattr()).toMatchObject({ size: 10 });
  expect(asked()).toBe(2);
});

test("a server's error is its errno", async () => {
  const client = await clientOf(new MemoryFileSystem());
  const node = await client.attach(root);
  expect(await rejection(node.walk("none"))).toMatchObject({ name: "FileError", code: "ENOENT" });
  expect(await rejection(client.attach({ ...root, path: "none" }))).toMatchObject({ code: "ENOENT" });
  expect(client.fids.count).toBe(1);
});

describe("when the connection is lost", () => {
  test("everything that waits fails, and what comes later", async () => {
    const { client, server } = await against();
    const requests = [1, 2, 3].map(
      async (fid) => await rejection(client.connection.request("Tstatfs", { fid })),
    );
    const attaching = rejection(client.attach(root));
    await settle();
    server.stream.destroy();
    for (const error of await Promise.all(requests)) expect(error).toMatchObject({ code: "disconnected" });
    expect(await attaching).toMatchObject({ code: "ENOTCONN", cause: { code: "disconnected" } });
    expect(await client.closed).toMatchObject({ code: "disconnected" });
    expect(await rejection(client.connection.request("Tstatfs", { fid: 1 }))).toMatchObject({
      code: "disconnected",
    });
    expect(client.connection.pending).toBe(0);
  });

  test("by closing it, that is no failure", async () => {
    const client = await clientOf(new MemoryFileSystem());
    expect(await client.close()).toBeUndefined();
  });
});

describe("a request that is given up", () => {
  test("is flushed, and its tag used again only then", async () => {
    const { client, server } = await against();
    const controller = new AbortController();
    const asked = rejection(client.connection.request("Tstatfs", { fid: 1 }, { signal: controller.signal }));
    expect(await server.next()).toMatchObject({ name: "Tstatfs", tag: 0 });
    controller.abort();
    expect(await asked).toMatchObject({ code: "cancelled" });
    expect(await server.next()).toMatchObject({ name: "Tflush", tag: 1, body: { oldtag: 0 } });
    const next = client.connection.request("Tfsync", { fid: 1, datasync: 0 });
    expect(await server.next()).toMatchObject({ name: "Tfsync", tag: 2 });
    server.send("Rfsync", 2, {});
    server.send("Rflush", 1, {});
    await next;
    await settle();
    expect(client.connection.pending).toBe(0);
    void rejection(client.connection.request("Tstatfs", { fid: 1 }));
    expect([0, 1]).toContain((await server.next()).tag);
  });

  test("because of its deadline is told so, and a fid it made after all is clunked", async () => {
    const { client, server } = await against({ requestMs: 50 });
    const attaching = rejection(client.attach(root));
    expect(await server.next()).toMatchObject({ name: "Tattach", tag: 0 });
    expect(await attaching).toMatchObject({ code: "ETIMEDOUT" });
    expect(await server.next()).toMatchObject({ name: "Tflush" });
    server.send("Rattach", 0, { qid });
    server.send("Rflush", 1, {});
    expect(await server.next()).toMatchObject({ name: "Tclunk", body: { fid: 0 } });
    const { tag } = { tag: 2 };
    server.send("Rclunk", tag, {});
    await settle();
    expect(client.fids.count).toBe(0);
  });

  test("by a server that does not even answer that ends the connection", async () => {
    const { client, server } = await against({ requestMs: 30 });
    expect(await rejection(client.connection.request("Tstatfs", { fid: 1 }))).toMatchObject({
      code: "timeout",
    });
    expect(await client.closed).toMatchObject({ code: "timeout" });
    await server.closed();
  });
});

describe("a server that breaks the rules", () => {
  const answers: readonly [string, Buffer][] = [
    ["an answer to no request", encodeMessage("Rclunk", 9, {})],
    ["the answer to another request", encodeMessage("Rclunk", 0, {})],
    ["a malformed answer", Buffer.from("0800000009000000", "hex")],
    ["an unknown message", Buffer.from("07000000fa0000", "hex")],
    ["a size that cannot be", Buffer.from("ffffffff090000", "hex")],
  ];
  test.each(answers)("by %s is left", async (_what, bytes) => {
    const { client, server } = await against();
    const asked = rejection(client.connection.request("Tstatfs", { fid: 1 }));
    await server.next();
    server.stream.write(bytes);
    expect(await asked).toMatchObject({ code: "disconnected" });
    expect(await client.closed).toMatchObject({ code: "protocol" });
  });

  test("by more bytes than were asked for is left", async () => {
    const { client, server } = await against();
    const into = Buffer.alloc(3);
    const body = { fid: 1, offset: 0, count: 3 };
    const asked = rejection(client.connection.request("Tread", body, { into }));
    await server.next();
    server.send("Rread", 0, { data: Buffer.from("four") });
    expect(await asked).toMatchObject({ code: "disconnected" });
    expect(await client.closed).toMatchObject({ code: "protocol" });
  });
});

test("answers may come in any order", async () => {
  const slow = new SlowFileSystem(new MemoryFileSystem());
  const client = await clientOf(slow);
  const node: FileNode = await client.attach(root);
  for (const name of ["a", "b", "c"]) await node.mkdir(name, how);
  slow.gate.open = false;
  const walks = ["a", "b", "c"].map(async (name) => await node.walk(name));
  while (slow.gate.waiting < 3) await settle(1);
  slow.gate.release();
  const paths = (await Promise.all(walks)).map(({ qid }) => qid.path);
  expect(new Set(paths).size).toBe(3);
  const again = slow.gate;
  again.open = true;
  expect((await node.walk("a")).qid.path).toBe(paths[0]);
});

test("two sessions of one file system see each other's changes", async () => {
  const fileSystem = new MemoryFileSystem();
  const one = await clientOf(fileSystem);
  const [near, far] = duplexPair();
  serve(far, fileSystem);
  const two = await Client.connect(near, signal());
  await (await one.attach(root)).mkdir("made", how);
  expect((await (await two.attach(root)).walk("made")).qid.type).toBe(0x80);
  await two.close();
});
