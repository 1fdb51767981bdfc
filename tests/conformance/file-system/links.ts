import { describe, expect, test } from "vitest";
import { O_RDONLY, S_IFMT, how, type Workspace } from "./workspace.ts";

export function testLinks({ root, walk, create, contentOf, names, refused }: Workspace): void {
  describe("a symbolic link", () => {
    test.each([
      ["relative", "../x"],
      ["absolute", "/etc/passwd"],
      ["of bytes that are no UTF-8", "\xff/\xe4"],
      ["long", "l".repeat(1000)],
    ])("has its target, %s", async (_what, target) => {
      const directory = await root();
      const qid = await directory.symlink("link", target, { gid: 0 });
      const link = await walk(directory, "link");
      expect(link.qid.path).toBe(qid.path);
      expect(await link.readlink()).toBe(target);
      const { mode, size } = await link.getattr();
      expect({ type: mode & S_IFMT, size }).toEqual({ type: 0o120000, size: target.length });
    });

    test("is not followed", async () => {
      const directory = await root();
      await directory.mkdir("dir", how);
      await create(await walk(directory, "dir"), "file", "x");
      await directory.symlink("link", "dir", { gid: 0 });
      const link = await walk(directory, "link");
      await refused(/ENOTDIR|ENOENT/, () => link.walk("file"));
      await refused("ELOOP", () => link.open(O_RDONLY));
      await directory.unlink("link", false);
      expect(await names(directory)).toEqual(["dir"]);
    });

    test("is the only thing that is read as one", async () => {
      const { node } = await create(await root(), "a");
      await refused("EINVAL", () => node.readlink());
    });
  });

  describe("a hard link", () => {
    test("is the same file under two names", async () => {
      const directory = await root();
      const { node } = await create(directory, "a", "content");
      await directory.mkdir("dir", how);
      const dir = await walk(directory, "dir");
      await dir.link("b", node);
      const other = await walk(dir, "b");
      expect(other.qid.path).toBe(node.qid.path);
      expect((await other.getattr()).links).toBe(2);
      await directory.unlink("a", false);
      expect(await contentOf(other)).toBe("content");
      expect((await other.getattr()).links).toBe(1);
    });

    test("of a directory is not made", async () => {
      const directory = await root();
      await directory.mkdir("dir", how);
      await refused("EPERM", async () => directory.link("b", await walk(directory, "dir")));
    });
  });
}
