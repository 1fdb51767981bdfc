import { describe, expect, test } from "vitest";
import { decodeDirectoryEntries } from "../../../../src/fs-9p/codec/directory-entries.ts";
import { randomBytes } from "../../../support/bytes.ts";
import { type RawPeer, served } from "../../../support/nine-p.ts";
import { errno, greeted, refusal, sample, walk } from "../../../support/nine-p-session.ts";

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
