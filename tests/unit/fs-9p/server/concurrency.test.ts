import { describe, expect, test } from "vitest";
import { settle } from "../../../support/bytes.ts";
import { served } from "../../../support/nine-p.ts";
import { greeted, sample, walk } from "../../../support/nine-p-session.ts";
import { SlowFileSystem } from "../../../support/slow-file-system.ts";

describe("a file system that answers later", () => {
  async function slowly(): Promise<ReturnType<typeof served> & { readonly slow: SlowFileSystem }> {
    const slow = new SlowFileSystem(sample());
    const both = served(slow);
    await both.peer.greet();
    await walk(both.peer, 1, "dir", "sub", "file");
    await both.peer.ask("Tlopen", { fid: 1, flags: 2 });
    slow.gate.open = false;
    return { ...both, slow };
  }
  const read = { fid: 1, offset: 0, count: 5 };

  test("has its requests at the same time, answered as they come", async () => {
    const { peer, slow } = await slowly();
    peer.send("Tread", 1, read);
    peer.send("Tread", 2, { ...read, offset: 1 });
    peer.send("Tgetattr", 3, { fid: 1, requestMask: 0 });
    expect(await peer.next()).toMatchObject({ name: "Rgetattr", tag: 3 });
    slow.gate.release();
    expect(await peer.next()).toMatchObject({ tag: 2, body: { data: Buffer.from("ello") } });
    expect(await peer.next()).toMatchObject({ tag: 1, body: { data: Buffer.from("hello") } });
  });

  test("gets the bytes of each write as they were sent", async () => {
    const { peer, slow } = await slowly();
    peer.send("Twrite", 1, { fid: 1, offset: 0, data: Buffer.alloc(50_000, "a") });
    peer.send("Twrite", 2, { fid: 1, offset: 50_000, data: Buffer.alloc(50_000, "b") });
    await settle();
    slow.gate.release();
    await peer.next();
    await peer.next();
    peer.send("Tread", 3, { fid: 1, offset: 49_999, count: 2 });
    await settle();
    slow.gate.release();
    expect(await peer.next()).toMatchObject({ body: { data: Buffer.from("ab") } });
  });

  test("is flushed after the request has been answered", async () => {
    const { peer, slow } = await slowly();
    peer.send("Tread", 1, read);
    peer.send("Tflush", 2, { oldtag: 1 });
    peer.send("Tflush", 3, { oldtag: 77 });
    expect(await peer.next()).toMatchObject({ name: "Rflush", tag: 3 });
    slow.gate.release();
    expect(await peer.next()).toMatchObject({ name: "Rread", tag: 1 });
    expect(await peer.next()).toMatchObject({ name: "Rflush", tag: 2 });
  });

  test("sees no file closed while it is being used", async () => {
    const { peer, slow } = await slowly();
    peer.send("Tread", 1, read);
    peer.send("Tclunk", 2, { fid: 1 });
    await settle();
    expect(slow.files).toBe(1);
    slow.gate.release();
    expect(await peer.next()).toMatchObject({ name: "Rread", tag: 1 });
    expect(await peer.next()).toMatchObject({ name: "Rclunk", tag: 2 });
    expect(slow.files).toBe(0);
  });

  test("has everything closed when the client goes away in the middle", async () => {
    const { peer, session, slow } = await slowly();
    peer.send("Tread", 1, read);
    peer.send("Twalk", 2, { fid: 0, newfid: 2, names: ["dir", "sub"] });
    await settle();
    peer.stream.destroy();
    await settle();
    slow.gate.open = true;
    slow.gate.release();
    await session.closed;
    expect({ nodes: slow.nodes, files: slow.files }).toEqual({ nodes: 0, files: 0 });
  });

  test("is not answered for a session that has begun anew", async () => {
    const { peer, slow } = await slowly();
    peer.send("Twalk", 1, { fid: 0, newfid: 2, names: ["dir"] });
    await settle();
    expect(await peer.ask("Tversion", { msize: 8192, version: "9P2000.L" })).toMatchObject({
      name: "Rversion",
    });
    slow.gate.open = true;
    slow.gate.release();
    await peer.attach(0);
    await settle();
    expect(slow.nodes).toBe(1);
  });

  test("ends the session of a client that uses a tag twice", async () => {
    const { peer, session, slow } = await slowly();
    peer.send("Tread", 1, read);
    peer.send("Tread", 1, read);
    await settle();
    slow.gate.release();
    expect(await session.closed).toMatchObject({ code: "protocol", message: "tag 1 is in use" });
  });

  test("has no more requests at once than it was promised", async () => {
    const slow = new SlowFileSystem(sample());
    const { peer } = served(slow, { maxRequests: 4 });
    await peer.greet();
    slow.gate.open = false;
    for (let tag = 1; tag <= 20; tag += 1) peer.send("Twalk", tag, { fid: 0, newfid: tag, names: ["dir"] });
    await settle();
    expect(slow.gate.waiting).toBe(4);
    slow.gate.open = true;
    slow.gate.release();
    const tags = new Set<number>();
    while (tags.size < 20) tags.add((await peer.next()).tag);
  });
});

test("a client that does not read is not read either", async () => {
  let requests = 0;
  const trace = (line: string): void => {
    if (line.startsWith("Tread ")) requests += 1;
  };
  const { peer } = await greeted(sample(), { trace });
  await walk(peer, 1, "dir", "sub", "file");
  await peer.ask("Tlopen", { fid: 1, flags: 2 });
  await peer.ask("Twrite", { fid: 1, offset: 60_000, data: Buffer.from("end") });
  peer.stream.pause();
  for (let tag = 1; tag <= 1000; tag += 1) peer.send("Tread", tag, { fid: 1, offset: 0, count: 60_000 });
  await settle(100);
  // 60 MB of answers, of which little more than two may wait.
  expect(requests).toBeGreaterThan(1);
  expect(requests).toBeLessThan(60);
  peer.stream.resume();
  const tags = new Set<number>();
  while (tags.size < 1000) tags.add((await peer.next()).tag);
});
