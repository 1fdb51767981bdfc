import { describe, expect, test } from "vitest";
import { O_RDWR, how, type Lacks, type Workspace } from "./workspace.ts";

export function testDirectories(
  { root, keep, walk, open, create, contentOf, list, names, refused }: Workspace,
  lacks: Lacks,
): void {
  describe("a directory", () => {
    test("lists each entry once, with its type and the qid that walking finds", async () => {
      const directory = await root();
      await create(directory, "file");
      await directory.mkdir("dir", how);
      await directory.symlink("link", "file", { gid: 0 });
      const found = await list(directory);
      expect(found.map(({ name, type }) => [name, type]).toSorted(byName)).toEqual([
        ["dir", 4],
        ["file", 8],
        ["link", 10],
      ]);
      for (const { name, qid } of found) {
        const node = await walk(directory, name);
        const { type, path } = (await node.getattr()).qid;
        expect({ type: qid.type, path: qid.path }).toEqual({ type, path });
        expect({ type: node.qid.type, path: node.qid.path }).toEqual({ type, path });
      }
    });

    test.each([1, 7, 1000])("of many entries is the same read by %d", async (count) => {
      const directory = await root();
      const made = Array.from({ length: 300 }, (_, index) => `file-${index}`);
      for (const name of made) await directory.symlink(name, "x", { gid: 0 });
      const found = (await list(directory, count)).map(({ name }) => name);
      expect(found.toSorted()).toEqual(made.toSorted());
    });

    test("is read on from any offset, and anew from 0", async () => {
      const node = await root();
      for (let index = 0; index < 20; index += 1) await node.symlink(`${index}`, "x", { gid: 0 });
      const directory = await open(node);
      const all = await directory.readdir(0, 100);
      expect(all).toHaveLength(20);
      const rest = await directory.readdir(all[9]?.offset ?? 0, 100);
      expect(rest.map(({ name }) => name)).toEqual(all.slice(10).map(({ name }) => name));
      await node.symlink("new", "x", { gid: 0 });
      expect((await directory.readdir(0, 100)).map(({ name }) => name)).toContain("new");
    });

    test("that loses entries while it is read gives the others once", async () => {
      const node = await root();
      for (let index = 0; index < 100; index += 1) await node.symlink(`${index}`, "x", { gid: 0 });
      const directory = await open(node);
      const first = await directory.readdir(0, 10);
      for (const { name } of first) await node.unlink(name, false);
      const seen = first.map(({ name }) => name);
      for (let at = first.at(-1)?.offset ?? 0; ;) {
        const more = await directory.readdir(at, 10);
        const last = more.at(-1);
        if (!last) break;
        seen.push(...more.map(({ name }) => name));
        at = last.offset;
      }
      expect(seen.toSorted()).toEqual(Array.from({ length: 100 }, (_, index) => `${index}`).toSorted());
    });

    test("is not read or written as a file", async () => {
      const node = await root();
      const directory = await open(node);
      await refused("EISDIR", () => directory.read(Buffer.alloc(1), 0));
      await refused("EISDIR", () => node.open(O_RDWR));
      await refused(/EISDIR|EINVAL/, () => node.setattr({ size: 0 }));
    });

    test("counts itself, its name and its directories as links", async () => {
      const node = await root();
      await node.mkdir("dir", how);
      await (await walk(node, "dir")).mkdir("sub", how);
      // btrfs does not count: 1.
      expect([1, 3]).toContain((await (await walk(node, "dir")).getattr()).links);
    });

    test("is above what is in it", async () => {
      const node = await root();
      await node.mkdir("dir", how);
      const dir = await walk(node, "dir");
      await dir.mkdir("sub", how);
      const parent = keep(await (await walk(dir, "sub")).parent());
      expect(parent.qid.path).toBe(dir.qid.path);
      expect(await names(parent)).toEqual(["sub"]);
    });
  });

  describe("names", () => {
    const spelled: readonly (readonly [string, string])[] = [
      ["with spaces and signs", "a b\t\n\"'\\*?"],
      ["in UTF-8", Buffer.from("grüße 🐧").toString("latin1")],
      ...(lacks.nonUtf8Names ? [] : [["that are no UTF-8", "\xff\xfe\x80"] as const]),
      ["of 255 bytes", "n".repeat(255)],
      ["that begin with dots", "..a"],
    ];
    test.each(spelled)("%s are kept byte for byte", async (_what, name) => {
      const directory = await root();
      await create(directory, name, "x");
      expect(await names(directory)).toEqual([name]);
      expect(await contentOf(await walk(directory, name))).toBe("x");
      await directory.rename(name, directory, "b");
      await directory.rename("b", directory, name);
      await directory.unlink(name, false);
      expect(await names(directory)).toEqual([]);
    });

    test("that are not there are not found", async () => {
      const directory = await root();
      await refused("ENOENT", () => directory.walk("none"));
      await refused("ENOENT", () => directory.unlink("none", false));
      await refused("ENOENT", () => directory.unlink("none", true));
      await refused("ENOENT", () => directory.rename("none", directory, "a"));
    });

    test("that are taken are not taken again", async () => {
      const directory = await root();
      await create(directory, "a");
      await refused("EEXIST", () => directory.mkdir("a", how));
      await refused("EEXIST", () => directory.symlink("a", "x", { gid: 0 }));
      await refused("EEXIST", async () => directory.link("a", await walk(directory, "a")));
    });
  });
}

const byName = (
  [left = ""]: readonly (string | number)[],
  [right = ""]: readonly (string | number)[],
): number => (String(left) < String(right) ? -1 : 1);
