import { describe, expect, test } from "vitest";
import type { LockRequest } from "../../../src/fs-9p/index.ts";
import { randomBytes } from "../../support/bytes.ts";
import { O_RDWR, type Lacks, type Workspace } from "./workspace.ts";

export function testOthers({ root, walk, open, create, list, refused }: Workspace, lacks: Lacks): void {
  describe("other things", () => {
    test.skipIf(lacks.pipes)("named pipes", async () => {
      const directory = await root();
      await directory.mknod("pipe", 0, { mode: 0o10600, gid: 0 });
      expect(await (await walk(directory, "pipe")).getattr()).toMatchObject({ mode: 0o10600 });
      expect((await list(directory)).map(({ type }) => type)).toEqual([1]);
    });

    test("regular files by mknod", async () => {
      const directory = await root();
      await directory.mknod("file", 0, { mode: 0o100600, gid: 0 });
      expect(await (await walk(directory, "file")).getattr()).toMatchObject({ mode: 0o100600, size: 0 });
    });

    test.skipIf(lacks.devices)("devices", async () => {
      const directory = await root();
      await directory.mknod("null", 0x103, { mode: 0o20666, gid: 0 });
      expect(await (await walk(directory, "null")).getattr()).toMatchObject({
        mode: 0o20666,
        device: 0x103,
      });
    });
  });

  describe.skipIf(lacks.xattrs)("extended attributes", () => {
    test("are set, replaced, listed and removed", async () => {
      const { node } = await create(await root(), "a");
      await refused("ENODATA", () => node.getxattr("user.a"));
      await node.setxattr("user.a", Buffer.from("value"), 0);
      await node.setxattr("user.b", randomBytes(2000), 0);
      expect(Buffer.from(await node.getxattr("user.a")).toString()).toBe("value");
      expect(Buffer.from(await node.getxattr("user.b"))).toEqual(randomBytes(2000));
      expect(
        Buffer.from(await node.listxattr())
          .toString()
          .split("\0")
          .toSorted(),
      ).toEqual(["", "user.a", "user.b"]);
      await node.setxattr("user.a", Buffer.from("new"), 2);
      expect(Buffer.from(await node.getxattr("user.a")).toString()).toBe("new");
      await node.removexattr("user.a");
      await refused("ENODATA", () => node.getxattr("user.a"));
    });

    test("are made or replaced only as asked", async () => {
      const { node } = await create(await root(), "a");
      await refused("ENODATA", () => node.setxattr("user.a", Buffer.from("x"), 2));
      await node.setxattr("user.a", Buffer.from("x"), 1);
      await refused("EEXIST", () => node.setxattr("user.a", Buffer.from("x"), 1));
      await refused("ENODATA", () => node.removexattr("user.b"));
    });
  });

  describe.skipIf(lacks.locks)("record locks", () => {
    const lock = (
      type: LockRequest["type"],
      processId: number,
      [start, length]: [number, number],
    ): LockRequest => ({
      type,
      start,
      length,
      processId,
      clientId: "test",
    });

    test("exclude writers, admit readers, and say who is in the way", async () => {
      const { node, file } = await create(await root(), "a", "content");
      const other = await open(node, O_RDWR);
      expect(await file.lock(lock("read", 1, [0, 10]))).toBe("success");
      expect(await other.lock(lock("read", 2, [5, 10]))).toBe("success");
      expect(await other.lock(lock("write", 2, [0, 10]))).toBe("blocked");
      expect(await other.lock(lock("write", 2, [10, 0]))).toBe("success");
      expect(await file.getlock(lock("write", 1, [20, 1]))).toMatchObject({ type: "write", processId: 2 });
      expect(await file.getlock(lock("read", 1, [0, 5]))).toMatchObject({ type: "unlock" });
    });

    test("are given up by another process that has the same open file, as flock(2) needs it", async () => {
      const { node, file } = await create(await root(), "a", "content");
      const other = await open(node, O_RDWR);
      await file.lock(lock("write", 1, [0, 0]));
      expect(await file.lock(lock("write", 2, [0, 0]))).toBe("success");
      expect(await other.lock(lock("write", 3, [0, 0]))).toBe("blocked");
      await file.lock(lock("unlock", 4, [0, 0]));
      expect(await other.lock(lock("write", 3, [0, 0]))).toBe("success");
    });

    test("are given up in part, and with the file", async () => {
      const { node, file } = await create(await root(), "a", "content");
      const other = await node.open(O_RDWR);
      await other.lock(lock("write", 2, [0, 0]));
      await other.lock(lock("unlock", 2, [10, 10]));
      expect(await file.lock(lock("write", 1, [10, 10]))).toBe("success");
      expect(await file.lock(lock("write", 1, [20, 1]))).toBe("blocked");
      await other.close();
      expect(await file.lock(lock("write", 1, [20, 1]))).toBe("success");
    });
  });
}
