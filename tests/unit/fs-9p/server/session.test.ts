import { describe, expect, test } from "vitest";
import { encodeMessage } from "../../../../src/fs-9p/index.ts";
import { served } from "../../../support/nine-p.ts";
import { errno, NO_FID, greeted, refusal, sample } from "../../../support/nine-p-session.ts";

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
