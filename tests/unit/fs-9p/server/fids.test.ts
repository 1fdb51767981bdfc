import { describe, expect, test } from "vitest";
import { NO_FID, greeted, refusal, sample, walk } from "../../../support/nine-p-session.ts";

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
