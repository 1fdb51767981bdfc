import { describe, expect, test } from "vitest";
import { decodeDirectoryEntries } from "../../../src/fs-9p/codec/directory-entries.ts";
import { encodeMessage, type FileNode, MemoryFileSystem } from "../../../src/fs-9p/index.ts";
import { randomBytes, settle } from "../../support/bytes.ts";
import { type RawPeer, served } from "../../support/nine-p.ts";
import { SlowFileSystem } from "../../support/slow-file-system.ts";

const NO_FID = 0xffff_ffff;
const errno = {
  ENOENT: 2,
  EBADF: 9,
  EBUSY: 16,
  EINVAL: 22,
  EMFILE: 24,
  EPROTO: 71,
  EMSGSIZE: 90,
  EOPNOTSUPP: 95,
};
const refusal = (code: keyof typeof errno): object => ({ name: "Rlerror", ecode: errno[code] });

/** /dir/sub/file with "hello" in it. */
function sample(): MemoryFileSystem {
  const fileSystem = new MemoryFileSystem();
  const root: FileNode = fileSystem.attach({ user: "", uid: 0, path: "" });
  const options = { mode: 0o755, gid: 0 };
  void root.mkdir("dir", options);
  // The memory file system is synchronous.
  const dir = root.walk("dir") as FileNode;
  void dir.mkdir("sub", options);
  const sub = dir.walk("sub") as FileNode;
  const created = sub.create("file", 2, options);
  if (!(created instanceof Promise)) void created.file.write(Buffer.from("hello"), 0);
  return fileSystem;
}

async function walk(peer: RawPeer, newfid: number, ...names: string[]): Promise<void> {
  expect(await peer.ask("Twalk", { fid: 0, newfid, names })).toMatchObject({ name: "Rwalk" });
}

async function greeted(fileSystem = sample(), options = {}): Promise<ReturnType<typeof served>> {
  const both = served(fileSystem, options);
  await both.peer.greet();
  return both;
}

describe("the version", () => {
  test("is 9P2000.L with the smaller of both sizes", async () => {
    const { peer } = served(sample(), { msize: 100_000 });
    const ask = async (msize: number): Promise<unknown> =>
      await peer.ask("Tversion", { msize, version: "9P2000.L" });
    expect(await ask(2 ** 31)).toEqual({ name: "Rversion", msize: 100_000, version: "9P2000.L" });
    expect(await ask(8192)).toMatchObject({ msize: 8192 });
  });

  test.each(["9P2000", "9P2000.u", "9P2000.L2", ""])("is unknown for %s", async (version) => {
    const { peer } = served(sample());
    expect(await peer.ask("Tversion", { msize: 8192, version })).toMatchObject({ version: "unknown" });
    expect(await peer.ask("Tclunk", { fid: 0 })).toEqual(refusal("EPROTO"));
  });

  test("refuses messages that are too small", async () => {
    const { peer } = served(sample());
    expect(await peer.ask("Tversion", { msize: 100, version: "9P2000.L" })).toEqual(refusal("EMSGSIZE"));
  });

  test("comes first", async () => {
    const { peer } = served(sample());
    const attach = { fid: 0, afid: NO_FID, uname: "", aname: "", nUname: 0 };
    expect(await peer.ask("Tattach", attach)).toEqual(refusal("EPROTO"));
  });

  test("again clunks all fids", async () => {
    const { peer, session } = await greeted();
    expect(session.fidCount).toBe(1);
    await peer.ask("Tversion", { msize: 8192, version: "9P2000.L" });
    expect(session.fidCount).toBe(0);
    expect(await peer.ask("Tclunk", { fid: 0 })).toEqual(refusal("EBADF"));
  });
});

describe("attaching", () => {
  test("needs no authentication and takes none", async () => {
    const { peer } = await greeted();
    const auth = { afid: 5, uname: "", aname: "", nUname: 0 };
    expect(await peer.ask("Tauth", auth)).toEqual(refusal("EOPNOTSUPP"));
    const attach = { fid: 1, afid: 5, uname: "", aname: "", nUname: 0 };
    expect(await peer.ask("Tattach", attach)).toEqual(refusal("EINVAL"));
  });

  test("to a part of the tree is not left by ..", async () => {
    const { peer } = await greeted();
    await peer.attach(1, "dir/sub");
    const there = await peer.ask("Twalk", { fid: 1, newfid: 2, names: [] });
    expect(there).toMatchObject({ name: "Rwalk" });
    const above = await peer.ask("Twalk", { fid: 1, newfid: 3, names: ["..", "..", "file"] });
    expect(above).toMatchObject({ name: "Rwalk", qids: { length: 3 } });
    expect(await peer.ask("Twalk", { fid: 1, newfid: 4, names: ["..", "sub"] })).toMatchObject({
      qids: { length: 1 },
    });
  });

  test("to what is not there is refused", async () => {
    const { peer } = await greeted();
    const attach = { fid: 1, afid: NO_FID, uname: "", aname: "nowhere", nUname: 0 };
    expect(await peer.ask("Tattach", attach)).toEqual(refusal("ENOENT"));
    expect(await peer.ask("Tclunk", { fid: 1 })).toEqual(refusal("EBADF"));
  });

  test("tells the file system who it is", async () => {
    const seen: unknown[] = [];
    const inner = sample();
    const { peer } = served({
      attach: (request) => {
        seen.push(request);
        return inner.attach({ ...request, path: "" });
      },
    });
    await peer.ask("Tversion", { msize: 8192, version: "9P2000.L" });
    await peer.ask("Tattach", { fid: 1, afid: NO_FID, uname: "ann", aname: "/x", nUname: 1000 });
    expect(seen).toEqual([{ user: "ann", uid: 1000, path: "/x" }]);
  });
});

describe("walking", () => {
  test("that fails on the way tells how far it came, and makes no fid", async () => {
    const { peer, session } = await greeted();
    const names = ["dir", "sub", "none", "more"];
    expect(await peer.ask("Twalk", { fid: 0, newfid: 1, names })).toMatchObject({ qids: { length: 2 } });
    expect(await peer.ask("Twalk", { fid: 0, newfid: 1, names: ["none"] })).toEqual(refusal("ENOENT"));
    expect(session.fidCount).toBe(1);
  });

  test("moves a fid in place, but not one that is open", async () => {
    const { peer } = await greeted();
    await walk(peer, 1);
    expect(await peer.ask("Twalk", { fid: 1, newfid: 1, names: ["dir", "sub"] })).toMatchObject({
      name: "Rwalk",
    });
    expect(await peer.ask("Twalk", { fid: 1, newfid: 2, names: ["file"] })).toMatchObject({ name: "Rwalk" });
    await peer.ask("Tlopen", { fid: 1, flags: 0 });
    expect(await peer.ask("Twalk", { fid: 1, newfid: 1, names: ["file"] })).toEqual(refusal("EBUSY"));
  });

  test.each([[""], ["."], ["a/b"], ["a\0b"], ["../dir"]])("refuses the name %j", async (name) => {
    const { peer } = await greeted();
    expect(await peer.ask("Twalk", { fid: 0, newfid: 1, names: [name] })).toEqual(refusal("EINVAL"));
    const names = { olddirfid: 0, oldname: "dir", newdirfid: 0, newname: name };
    expect(await peer.ask("Trenameat", names)).toEqual(refusal("EINVAL"));
    expect(await peer.ask("Tmkdir", { dfid: 0, name, mode: 0, gid: 0 })).toEqual(refusal("EINVAL"));
  });

  test("follows renames: a fid is its file, whatever it is called", async () => {
    const { peer } = await greeted();
    await walk(peer, 1, "dir", "sub");
    await walk(peer, 2, "dir");
    await peer.ask("Trename", { fid: 1, dfid: 0, name: "moved" });
    expect(await peer.ask("Twalk", { fid: 1, newfid: 3, names: ["..", "moved", "file"] })).toMatchObject({
      qids: { length: 3 },
    });
    expect(await peer.ask("Twalk", { fid: 2, newfid: 4, names: ["sub"] })).toEqual(refusal("ENOENT"));
  });
});

describe("fids", () => {
  test("that are in use, none or too many are refused", async () => {
    const { peer } = await greeted(sample(), { maxFids: 3 });
    await walk(peer, 1);
    expect(await peer.ask("Twalk", { fid: 0, newfid: 1, names: [] })).toEqual(refusal("EBADF"));
    expect(await peer.ask("Twalk", { fid: 0, newfid: NO_FID, names: [] })).toEqual(refusal("EBADF"));
    expect(await peer.ask("Tread", { fid: 9, offset: 0, count: 1 })).toEqual(refusal("EBADF"));
    await walk(peer, 2);
    expect(await peer.ask("Twalk", { fid: 0, newfid: 3, names: [] })).toEqual(refusal("EMFILE"));
    await peer.ask("Tclunk", { fid: 2 });
    await walk(peer, 3);
  });

  test("that are open are no more than was allowed", async () => {
    const { peer } = await greeted(sample(), { maxOpen: 2 });
    for (const fid of [1, 2, 3]) await walk(peer, fid, "dir");
    for (const fid of [1, 2])
      expect(await peer.ask("Tlopen", { fid, flags: 0 })).toMatchObject({ name: "Rlopen" });
    expect(await peer.ask("Tlopen", { fid: 3, flags: 0 })).toEqual(refusal("EMFILE"));
    await peer.ask("Tclunk", { fid: 1 });
    expect(await peer.ask("Tlopen", { fid: 3, flags: 1 })).toMatchObject({ name: "Rlerror" });
    expect(await peer.ask("Tlopen", { fid: 3, flags: 0 })).toMatchObject({ name: "Rlopen" });
  });

  test("are opened once, and only open ones are read", async () => {
    const { peer } = await greeted();
    await walk(peer, 1, "dir", "sub", "file");
    expect(await peer.ask("Tread", { fid: 1, offset: 0, count: 9 })).toEqual(refusal("EBADF"));
    await peer.ask("Tlopen", { fid: 1, flags: 0 });
    expect(await peer.ask("Tlopen", { fid: 1, flags: 0 })).toEqual(refusal("EBUSY"));
    expect(await peer.ask("Tread", { fid: 1, offset: 1, count: 9 })).toMatchObject({
      data: Buffer.from("ello"),
    });
    expect(await peer.ask("Tread", { fid: 1, offset: 2 ** 60, count: 9 })).toEqual(refusal("EINVAL"));
  });

  test("are gone after Tremove, also when nothing is removed", async () => {
    const { peer } = await greeted();
    await walk(peer, 1, "dir");
    expect(await peer.ask("Tremove", { fid: 1 })).toMatchObject({ name: "Rlerror", ecode: 39 });
    expect(await peer.ask("Tclunk", { fid: 1 })).toEqual(refusal("EBADF"));
  });
});

test("small and large answers to requests with much room arrive whole", async () => {
  const { peer } = await greeted();
  await walk(peer, 1, "dir", "sub", "file");
  await peer.ask("Tlopen", { fid: 1, flags: 2 });
  const bytes = randomBytes(60_000);
  await peer.ask("Twrite", { fid: 1, offset: 0, data: bytes });
  for (let tag = 1; tag <= 40; tag += 1) {
    const offset = tag % 2 === 0 ? 0 : 59_990;
    peer.send("Tread", tag, { fid: 1, offset, count: 60_000 });
  }
  for (let tag = 1; tag <= 40; tag += 1)
    expect(await peer.next()).toMatchObject({
      tag,
      body: { data: bytes.subarray(tag % 2 === 0 ? 0 : 59_990) },
    });
});

describe("a directory", () => {
  async function listing(peer: RawPeer, count: number): Promise<string[]> {
    await walk(peer, 5, "dir");
    await peer.ask("Tlopen", { fid: 5, flags: 0 });
    const names: string[] = [];
    let offset = 0n;
    for (;;) {
      const answer = await peer.ask("Treaddir", { fid: 5, offset, count });
      expect(answer).toMatchObject({ name: "Rreaddir" });
      const data = answer["data"] as Buffer;
      expect(data.length).toBeLessThanOrEqual(count);
      const entries = decodeDirectoryEntries(data) ?? [];
      if (entries.length === 0) return names;
      names.push(...entries.map(({ name }) => name));
      offset = entries.at(-1)?.offset ?? 0n;
    }
  }

  test.each([34, 100, 5000, 2 ** 31])("is the same in answers of %d bytes", async (count) => {
    const { peer } = await greeted();
    await walk(peer, 4, "dir");
    const made = Array.from({ length: 150 }, (_, index) => `d${index}`);
    for (const name of made) await peer.ask("Tmkdir", { dfid: 4, name, mode: 0, gid: 0 });
    expect(await listing(peer, count)).toEqual([".", "..", "sub", ...made]);
  });

  test("has no answer that is too small for one entry", async () => {
    const { peer } = await greeted();
    await walk(peer, 5, "dir");
    await peer.ask("Tlopen", { fid: 5, flags: 0 });
    expect(await peer.ask("Treaddir", { fid: 5, offset: 0n, count: 24 })).toEqual(refusal("EINVAL"));
    expect(await peer.ask("Treaddir", { fid: 5, offset: 2n ** 64n - 1n, count: 99 })).toMatchObject({
      data: Buffer.alloc(0),
    });
  });
});

describe("extended attributes", () => {
  test("are written until the clunk and read by a fid of their own", async () => {
    const { peer } = await greeted();
    await walk(peer, 1, "dir");
    await peer.ask("Txattrcreate", { fid: 1, name: "user.a", attrSize: 4, flags: 0 });
    expect(await peer.ask("Twrite", { fid: 1, offset: 0, data: Buffer.from("ab") })).toMatchObject({
      count: 2,
    });
    expect(await peer.ask("Twrite", { fid: 1, offset: 2, data: Buffer.from("cd") })).toMatchObject({
      count: 2,
    });
    expect(await peer.ask("Tclunk", { fid: 1 })).toEqual({ name: "Rclunk" });
    await walk(peer, 1, "dir");
    expect(await peer.ask("Txattrwalk", { fid: 1, newfid: 2, name: "user.a" })).toMatchObject({ size: 4 });
    expect(await peer.ask("Tread", { fid: 2, offset: 1, count: 99 })).toMatchObject({
      data: Buffer.from("bcd"),
    });
    expect(await peer.ask("Txattrwalk", { fid: 1, newfid: 3, name: "" })).toMatchObject({ size: 7 });
  });

  test("that were not written to their end fail at the clunk", async () => {
    const { peer } = await greeted();
    await walk(peer, 1, "dir");
    await peer.ask("Txattrcreate", { fid: 1, name: "user.a", attrSize: 4, flags: 0 });
    expect(await peer.ask("Tclunk", { fid: 1 })).toEqual(refusal("EINVAL"));
    expect(await peer.ask("Tclunk", { fid: 1 })).toEqual(refusal("EBADF"));
  });

  test("do not fill the memory", async () => {
    const { peer } = await greeted();
    const answers = new Set<unknown>();
    for (let fid = 1; fid < 100; fid += 1) {
      await walk(peer, fid);
      answers.add(
        (await peer.ask("Txattrcreate", { fid, name: "user.a", attrSize: 65536, flags: 0 }))["ecode"],
      );
    }
    expect(answers).toEqual(new Set([undefined, errno.EMFILE]));
    expect(await peer.ask("Txattrcreate", { fid: 0, name: "a", attrSize: 65537, flags: 0 })).toMatchObject({
      ecode: 7,
    });
  });
});

describe("what is no request", () => {
  test("is answered, and the next one understood", async () => {
    const { peer } = await greeted();
    const unknown = encodeMessage("Tclunk", 7, { fid: 0 });
    unknown.writeUInt8(99, 4);
    peer.stream.write(unknown);
    expect(await peer.next()).toMatchObject({ name: "Rlerror", tag: 7, body: { ecode: errno.EOPNOTSUPP } });
    const short = Buffer.from(encodeMessage("Tclunk", 8, { fid: 0 }).subarray(0, 10));
    short.writeUInt32LE(10, 0);
    peer.stream.write(short);
    expect(await peer.next()).toMatchObject({ name: "Rlerror", tag: 8, body: { ecode: errno.EPROTO } });
    peer.send("Rclunk", 9, {});
    expect(await peer.next()).toMatchObject({ tag: 9, body: { ecode: errno.EOPNOTSUPP } });
    expect(await peer.ask("Tclunk", { fid: 0 })).toEqual({ name: "Rclunk" });
  });

  test.each([0, 6, 64 * 1024 + 1])("because of its size %d ends this session only", async (size) => {
    const fileSystem = sample();
    const { peer, session } = await greeted(fileSystem);
    const other = await greeted(fileSystem);
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32LE(size);
    peer.stream.write(bytes);
    expect(await session.closed).toMatchObject({ code: "protocol" });
    expect(session.fidCount).toBe(0);
    expect(await other.peer.ask("Tclunk", { fid: 0 })).toEqual({ name: "Rclunk" });
  });
});

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

test("the trace has both directions", async () => {
  const lines: string[] = [];
  const { peer } = served(sample(), { trace: (line) => lines.push(line) });
  await peer.greet(8192);
  await walk(peer, 1, "none-such").catch(() => {});
  await peer.ask("Tread", { fid: 0, offset: 0, count: 1 });
  expect(lines.slice(0, 2)).toEqual([
    "Tversion tag 1 msize 8192 version 9P2000.L",
    "Rversion tag 1 msize 8192 version 9P2000.L",
  ]);
  expect(lines.slice(-4)).toEqual([
    "Twalk tag 3 fid 0 newfid 1 names [none-such]",
    "Rlerror tag 3 ecode 2",
    "Tread tag 4 fid 0 offset 0 count 1",
    "Rlerror tag 4 ecode 9",
  ]);
});

test("what a file system throws that is no errno is EIO, and told", async () => {
  const defects: unknown[] = [];
  const boom = new TypeError("a defect");
  const { peer } = served(
    {
      attach: () => {
        throw boom;
      },
    },
    { onDefect: (error) => defects.push(error) },
  );
  await peer.ask("Tversion", { msize: 8192, version: "9P2000.L" });
  const attach = { fid: 1, afid: NO_FID, uname: "", aname: "", nUname: 0 };
  expect(await peer.ask("Tattach", attach)).toMatchObject({ ecode: 5 });
  expect(defects).toEqual([boom]);
});
