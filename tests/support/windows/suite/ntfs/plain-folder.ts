import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { type FileNode, HostDisk, nameFromText, type OpenFile } from "../../../../../src/fs-9p/index.ts";
import { code, contentOf, how, mode, names, put, walk } from "./calls.ts";
import { newFolder } from "./folder.ts";

/** UV_FS_O_EXLOCK of libuv's win.h: opened without FILE_SHARE_READ, _WRITE and _DELETE. */
const NOT_SHARED = 0x1000_0000;

function exported(): { readonly folder: string; readonly root: FileNode } {
  const { folder } = newFolder();
  const disk = new HostDisk(folder, { rememberForMs: 0, drvfs: { uid: 1000, gid: 1000, umask: 0o22 } });
  onTestFinished(() => disk.close());
  return { folder, root: disk.attach({ user: "", uid: 0, path: "" }) };
}

/** HostDisk as the product makes it, with nothing between ntfs.node and Wine: a volume without links and metadata. */
export function testPlainFolder(): void {
  describe("a folder of Windows as it is", () => {
    test("gives and takes files that programs of Windows see", () => {
      const { folder, root } = exported();
      put(root, "from-linux", "linux");
      writeFileSync(`${folder}\\from-windows`, "windows");
      mkdirSync(`${folder}\\dir`);
      expect(readFileSync(`${folder}\\from-linux`, "utf8")).toBe("linux");
      expect(contentOf(walk(root, "from-windows"))).toBe("windows");
      expect(names(root)).toEqual(["dir", "from-linux", "from-windows"]);
      void root.rename("from-windows", walk(root, "dir"), "moved");
      void root.unlink("from-linux", false);
      expect(readdirSync(folder)).toEqual(["dir"]);
      expect(readdirSync(`${folder}\\dir`)).toEqual(["moved"]);
    });

    test("belongs to whom the mount says, with the masks taken off", () => {
      const { root } = exported();
      put(root, "file", "");
      void root.mkdir("dir", how);
      expect(walk(root, "file").getattr()).toMatchObject({ uid: 1000, gid: 1000, mode: 0o100755 });
      expect(walk(root, "dir").getattr()).toMatchObject({ uid: 1000, gid: 1000, mode: 0o40755, size: 4096 });
      void walk(root, "file").setattr({ uid: 5, gid: 5 });
      expect(walk(root, "file").getattr()).toMatchObject({ uid: 1000, gid: 1000 });
    });

    test("says the same of when a file was made, whatever happens to it", () => {
      const { folder, root } = exported();
      put(root, "file", "");
      void root.mkdir("dir", how);
      const born = (): unknown[] =>
        [root, walk(root, "file"), walk(root, "dir")].map(
          (node) => (node.getattr() as { readonly born: unknown }).born,
        );
      const before = born();
      writeFileSync(`${folder}\\file`, "changed");
      writeFileSync(`${folder}\\dir\\new`, "");
      writeFileSync(`${folder}\\new`, "");
      expect(born()).toEqual(before);
    });

    test("has a read-only attribute for a mode in which nobody writes", () => {
      const { folder, root } = exported();
      void (root.create("file", 2, { mode: 0o444, gid: 0 }) as { readonly file: OpenFile }).file.close();
      const file = walk(root, "file");
      expect(mode(file)).toBe("100555");
      expect(statSync(`${folder}\\file`).mode & 0o222).toBe(0);
      void file.setattr({ mode: 0o600 });
      expect(mode(file)).toBe("100755");
      void file.setattr({ mode: 0 });
      expect(mode(file)).toBe("100555");
      void root.unlink("file", false);
      expect(names(root)).toEqual([]);
    });

    test("has no difference between capitals, and keeps those it was given", () => {
      const { folder, root } = exported();
      put(root, "ReadMe", "text");
      const found = walk(root, "README");
      expect(contentOf(found)).toBe("text");
      expect(found.qid.path).toBe(walk(root, "ReadMe").qid.path);
      expect(code(() => root.create("readme", 0o202, how))).toBe("EEXIST");
      void root.unlink("README", false);
      expect(readdirSync(folder)).toEqual([]);
    });

    test("has Linux's names in other letters", () => {
      const { folder, root } = exported();
      const given = ["a:b", "q?", "<*>|", 'say "x"', "back\\slash", "tab\t", nameFromText("é🐧")];
      for (const name of given) put(root, name, name);
      expect(names(root)).toEqual(given.toSorted());
      expect(readdirSync(folder).toSorted()).toEqual(
        [
          "a\uf03ab",
          "q\uf03f",
          "\uf03c\uf02a\uf03e\uf07c",
          "say \uf022x\uf022",
          "back\uf05cslash",
          "tab\uf009",
          "é🐧",
        ].toSorted(),
      );
      for (const name of given) void root.unlink(name, false);
      expect(readdirSync(folder)).toEqual([]);
    });

    test.each([
      "nul",
      "CON",
      "com1.txt",
      "LPT9",
      "aux .c",
      "COM\u00c2\u00b9",
      "conin$",
      "dot.",
      "space ",
      "...",
    ])("makes no %s, which programs of Windows could not open", (name: string) => {
      const { folder, root } = exported();
      put(root, "file", "");
      expect(code(() => root.create(name, 2, how))).toBe("EINVAL");
      expect(code(() => root.mkdir(name, how))).toBe("EINVAL");
      expect(code(() => root.rename("file", root, name))).toBe("EINVAL");
      expect(readdirSync(folder)).toEqual(["file"]);
    });

    test("has no streams", () => {
      const { folder, root } = exported();
      put(root, "file", "content");
      expect(code(() => root.walk("file:stream"))).toBe("ENOENT");
      expect(code(() => root.walk("file::$DATA"))).toBe("ENOENT");
      put(root, "file:stream", "x");
      expect(readdirSync(folder)).toEqual(["file", "file\uf03astream"]);
      expect(readFileSync(`${folder}\\file`, "utf8")).toBe("content");
    });

    test("has files that are open to programs of Windows, which are renamed and removed", () => {
      const { folder, root } = exported();
      writeFileSync(`${folder}\\file`, "content");
      const reader = openSync(`${folder}\\file`, "r");
      void root.rename("file", root, "renamed");
      expect(readFileSync(reader, "utf8")).toBe("content");
      void root.unlink("renamed", false);
      expect(code(() => root.create("renamed", 0o202, how))).toMatch(/EBUSY|EEXIST/);
      // Without POSIX semantics, which Wine has not, the name is free when the last has closed it.
      closeSync(reader);
      expect(readdirSync(folder)).toEqual([]);
    });

    test("says EBUSY for one that a program of Windows does not share", () => {
      const { folder, root } = exported();
      writeFileSync(`${folder}\\file`, "content");
      const only = openSync(`${folder}\\file`, NOT_SHARED | 2);
      const file = walk(root, "file");
      expect(file.getattr()).toMatchObject({ size: 7 });
      expect(code(() => file.open(0))).toBe("EBUSY");
      expect(code(() => root.unlink("file", false))).toBe("EBUSY");
      expect(code(() => root.rename("file", root, "renamed"))).toBe("EBUSY");
      closeSync(only);
      expect(contentOf(file)).toBe("content");
    });

    test("goes deeper than Windows's paths", () => {
      const { root } = exported();
      const long = "d".repeat(200);
      let at = root;
      for (let depth = 0; depth < 6; depth += 1) {
        void at.mkdir(long, how);
        at = walk(at, long);
      }
      put(at, "file", "deep");
      expect(contentOf(walk(at, "file"))).toBe("deep");
      expect(names(at)).toEqual(["file"]);
      void at.rename("file", root, "up");
      expect(contentOf(walk(root, "up"))).toBe("deep");
    });

    test("says what it cannot do", async () => {
      const { root } = exported();
      expect(code(() => root.symlink("link", "target", { gid: 0 }))).toBe("EPERM");
      await expect(root.mknod("pipe", 0, { mode: 0o10600, gid: 0 })).rejects.toMatchObject({ code: "EPERM" });
      expect(code(() => root.create("\xff\xfe", 2, how))).toBe("EILSEQ");
      expect(names(root)).toEqual([]);
    });

    test("is served by the byte, also where programs lie about names", () => {
      const { root } = exported();
      for (const name of ["..\\outside", "\\??\\C:\\windows", "C:", "\\"])
        expect([name, code(() => root.walk(name))]).toEqual([name, "ENOENT"]);
    });
  });
}
