import { describe, expect, test } from "vitest";
import { how, type Lacks, type Workspace } from "./workspace.ts";

export function testRenaming(
  { root, walk, create, put, content, contentOf, names, refused }: Workspace,
  lacks: Lacks,
): void {
  describe("renaming", () => {
    test("moves a file, over another one too", async () => {
      const directory = await root();
      await directory.mkdir("dir", how);
      const dir = await walk(directory, "dir");
      const { node } = await create(directory, "a", "a");
      await create(dir, "b", "b");
      await directory.rename("a", dir, "b");
      expect(await names(directory)).toEqual(["dir"]);
      expect(await names(dir)).toEqual(["b"]);
      const moved = await walk(dir, "b");
      expect(await contentOf(moved)).toBe("a");
      expect(moved.qid.path).toBe(node.qid.path);
    });

    test("moves a directory with all that is in it", async () => {
      const directory = await root();
      await directory.mkdir("a", how);
      await directory.mkdir("b", how);
      await put(await walk(directory, "a"), "file", "x");
      await directory.rename("a", await walk(directory, "b"), "c");
      expect(await contentOf(await walk(directory, "b", "c", "file"))).toBe("x");
    });

    test.skipIf(lacks.busyDirectories)("moves a directory in which a file is open", async () => {
      const directory = await root();
      await directory.mkdir("a", how);
      const { file } = await create(await walk(directory, "a"), "file", "x");
      await directory.rename("a", directory, "b");
      expect(await content(file)).toBe("x");
      expect(await contentOf(await walk(directory, "b", "file"))).toBe("x");
    });

    test("has the rules of rename(2)", async () => {
      const directory = await root();
      for (const name of ["empty", "full", "dir"]) await directory.mkdir(name, how);
      await create(await walk(directory, "full"), "file");
      await create(directory, "file");
      await refused(/ENOTEMPTY|EEXIST/, () => directory.rename("dir", directory, "full"));
      await refused("ENOTDIR", () => directory.rename("dir", directory, "file"));
      await refused("EISDIR", () => directory.rename("file", directory, "empty"));
      await refused("EINVAL", async () => directory.rename("full", await walk(directory, "full"), "in"));
      await directory.rename("dir", directory, "empty");
      await directory.rename("file", directory, "file");
      expect(await names(directory)).toEqual(["empty", "file", "full"]);
    });

    test("of the node itself is followed by it", async () => {
      const directory = await root();
      await directory.mkdir("dir", how);
      const dir = await walk(directory, "dir");
      const { node, file } = await create(directory, "a", "x");
      await node.moveTo(dir, "b");
      expect(await names(directory)).toEqual(["dir"]);
      expect(await contentOf(node)).toBe("x");
      expect(await content(file)).toBe("x");
      await node.remove();
      expect(await names(dir)).toEqual([]);
    });

    test.skipIf(lacks.renamesOfWalkedNodes)("is followed by other nodes of what is renamed", async () => {
      const directory = await root();
      await directory.mkdir("a", how);
      await put(await walk(directory, "a"), "file", "x");
      const file = await walk(directory, "a", "file");
      const again = await walk(directory, "a");
      await directory.rename("a", directory, "b");
      expect(await contentOf(file)).toBe("x");
      expect(await names(again)).toEqual(["file"]);
    });
  });
}
