import { describe, expect, test } from "vitest";
import type { Attributes, FileNode } from "../../../src/fs-9p/index.ts";
import { how, type Lacks, type Workspace } from "./workspace.ts";

export function testAttributes({ root, walk, create, content }: Workspace, lacks: Lacks): void {
  describe("attributes", () => {
    const changed = async (node: FileNode, before: Attributes): Promise<Attributes> => {
      const { changed: _changed, qid, ...rest } = await node.getattr();
      expect(qid.path).toBe(before.qid.path);
      return { ...rest, qid: before.qid, changed: before.changed };
    };

    test("are what was asked for", async () => {
      const directory = await root();
      const { node } = await create(directory, "file", "12345");
      await directory.mkdir("dir", { mode: 0o750, gid: 0 });
      const file = await node.getattr();
      expect(file).toMatchObject({ mode: 0o100644, size: 5, links: 1, uid: 0 });
      expect(file.modified.seconds).toBeGreaterThan(1_600_000_000);
      const dir = await (await walk(directory, "dir")).getattr();
      expect(dir.mode).toBe(0o40750);
    });

    test("change one at a time, and nothing else does", async () => {
      const { node } = await create(await root(), "a", "12345");
      const before = await node.getattr();
      await node.setattr({ mode: 0o600 });
      expect(await changed(node, before)).toEqual({ ...before, mode: 0o100600 });
      await node.setattr({ mode: 0o644 });
      const modified = { seconds: 1_234_567_890, nanoseconds: 500_000_000 };
      await node.setattr({ modified });
      const after = await changed(node, before);
      expect(after.modified).toEqual(modified);
      expect(Math.abs(after.accessed.seconds - before.accessed.seconds)).toBeLessThan(2);
    });

    test("of an open file are the same file's", async () => {
      const { node, file } = await create(await root(), "a", "12345");
      await file.setattr({ mode: 0o600, size: 3 });
      expect(await node.getattr()).toMatchObject({ mode: 0o100600, size: 3 });
      expect(await file.getattr()).toMatchObject({ mode: 0o100600, size: 3 });
      expect(await content(file)).toBe("123");
    });

    test("can make a file longer, with zeros, and shorter", async () => {
      const { node, file } = await create(await root(), "a", "12345");
      await node.setattr({ size: 7 });
      expect(await content(file)).toBe("12345\0\0");
      await node.setattr({ size: 2 });
      await node.setattr({ size: 4 });
      expect(await content(file)).toBe("12\0\0");
    });

    test("set to now are set to now", async () => {
      const { node } = await create(await root(), "a");
      const long = { seconds: 1000, nanoseconds: 0 };
      await node.setattr({ accessed: long, modified: long });
      expect(await node.getattr()).toMatchObject({ accessed: long, modified: long });
      await node.setattr({ accessed: "now", modified: "now" });
      const { accessed, modified } = await node.getattr();
      for (const { seconds } of [accessed, modified])
        expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(60);
    });

    test.skipIf(lacks.pastTimes)("can be of before 1970", async () => {
      const { node } = await create(await root(), "a");
      const past = { seconds: -100, nanoseconds: 0 };
      await node.setattr({ modified: past });
      expect((await node.getattr()).modified).toEqual(past);
    });

    test("of a directory change too", async () => {
      const directory = await root();
      await directory.mkdir("dir", how);
      const dir = await walk(directory, "dir");
      await dir.setattr({ mode: 0o700, modified: { seconds: 99, nanoseconds: 0 } });
      expect(await dir.getattr()).toMatchObject({ mode: 0o40700, modified: { seconds: 99 } });
    });

    test.skipIf(lacks.owners)("can give a file away", async () => {
      const { node } = await create(await root(), "a");
      await node.setattr({ uid: 1234, gid: 4321 });
      expect(await node.getattr()).toMatchObject({ uid: 1234, gid: 4321 });
    });

    test.skipIf(lacks.setIds)("can have set-ID bits", async () => {
      const { node } = await create(await root(), "a");
      await node.setattr({ mode: 0o6755 });
      expect(await node.getattr()).toMatchObject({ mode: 0o106755 });
    });

    test("of the file system make sense", async () => {
      const found = await (await root()).statfs();
      expect(found.blockSize).toBeGreaterThan(0);
      expect(found.blocks).toBeGreaterThanOrEqual(found.freeBlocks);
      expect(found.freeBlocks).toBeGreaterThanOrEqual(found.availableBlocks);
      expect(found.nameLength).toBe(255);
    });
  });
}
