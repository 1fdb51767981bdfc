import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { FileNode, OpenFile } from "../../../../../src/fs-9p/index.ts";
import { code, contentOf, how, mode, names, open, put, walk } from "./calls.ts";
import { onWindows } from "./folder.ts";
import { appAlias, junction, lxSymlink, ntSymlink, tagged } from "./links.ts";
import type { NtfsStandIn } from "./stand-in.ts";

interface Exported {
  readonly folder: string;
  readonly outside: string;
  readonly root: FileNode;
  readonly standIn: NtfsStandIn;
}

function exported(options: Parameters<typeof onWindows>[0] = {}): Exported {
  const { folder, outside, disk, standIn, release } = onWindows(options);
  onTestFinished(release);
  writeFileSync(`${outside}\\key`, "secret");
  return { folder, outside, standIn, root: disk.attach({ user: "", uid: 1000, path: "" }) };
}

/** Windows's rules for what Wine's disks do not have: links, metadata, directories that tell capitals apart. */
export function testWindowsRules(): void {
  describe("nothing outside a folder of Windows is reached", () => {
    test.each([
      ["a junction", (target: string) => junction(`\\??\\${target}`)],
      ["a symbolic link of Windows's", (target: string) => ntSymlink(`\\??\\${target}`, false)],
    ])("through %s", (_what, link) => {
      const { folder, outside, root, standIn } = exported();
      mkdirSync(`${folder}\\out`);
      standIn.plant(`${folder}\\out`, link(outside));
      writeFileSync(`${folder}\\key`, "");
      standIn.plant(`${folder}\\key`, link(`${outside}\\key`));
      const out = walk(root, "out");
      expect(out.qid.type).toBe(2);
      expect(out.readlink()).toBe(`/mnt/${outside.replace(/^C:/, "c").replaceAll("\\", "/")}`);
      expect(code(() => out.walk("key"))).toBe("ENOTDIR");
      expect(code(() => out.open(0))).toMatch(/ELOOP|ENOTDIR/);
      expect(code(() => out.mkdir("made", how))).toMatch(/ENOTDIR|ELOOP/);
      const key = walk(root, "key");
      expect(code(() => key.open(0))).toBe("ELOOP");
      expect(code(() => key.open(2 | 0o1000))).toBe("ELOOP");
      expect(code(() => root.create("key", 2, how))).toBe("ELOOP");
      expect(code(() => key.setattr({ size: 0 }))).toBe("EINVAL");
      expect(code(() => key.setattr({ mode: 0o777 }))).toBe("EOPNOTSUPP");
      void key.setattr({ modified: { seconds: 1, nanoseconds: 0 } });
      expect(code(() => root.unlink("out", true))).toBe("ENOTDIR");
      void root.unlink("out", false);
      void root.unlink("key", false);
      expect(readFileSync(`${outside}\\key`, "utf8")).toBe("secret");
      expect(names(root)).toEqual([]);
      expect(standIn.followed).toBe(0);
    });

    test("when a directory becomes a junction after it was walked to", () => {
      // No directory is held open, so that each call comes by its name.
      const { folder, outside, root, standIn } = exported({ maxDirectories: 0 });
      mkdirSync(`${folder}\\dir`);
      writeFileSync(`${folder}\\dir\\key`, "inside");
      const key = walk(root, "dir", "key");
      walk(root, "dir");
      renameSync(`${folder}\\dir`, `${folder}\\before`);
      mkdirSync(`${folder}\\dir`);
      standIn.plant(`${folder}\\dir`, junction(`\\??\\${outside}`));
      expect(code(() => key.open(2))).toBe("ENOTDIR");
      expect(code(() => walk(root, "dir").walk("key"))).toBe("ENOTDIR");
      expect(standIn.followed).toBe(0);
    });

    test("while a file is opened that somebody brings, and becomes a link meanwhile", () => {
      const { folder, outside, root, standIn } = exported();
      writeFileSync(`${folder}\\cloud`, "");
      // IO_REPARSE_TAG_CLOUD.
      standIn.plant(`${folder}\\cloud`, tagged(0x9000_001a));
      const node = walk(root, "cloud");
      expect(node.qid.type).toBe(0);
      expect(contentOf(node)).toBe("");
      const inner = standIn.open.bind(standIn);
      // Between the two opens of the file.
      standIn.open = (...args) => {
        if ((args[4] & 0x20_0000) === 0)
          standIn.plant(`${folder}\\cloud`, ntSymlink(`\\??\\${outside}\\key`, false));
        return inner(...args);
      };
      expect(code(() => node.open(0))).toBe("ELOOP");
      expect(standIn.followed).toBe(1);
    });

    test("by reparse points that contradict themselves", () => {
      const { folder, root, standIn } = exported();
      const whole = junction("\\??\\C:\\windows");
      for (const [index, broken] of [whole.subarray(0, 20), Buffer.alloc(8), tagged(0xa000_0003)].entries()) {
        writeFileSync(`${folder}\\${index}`, "");
        const bytes = Buffer.from(broken);
        if (index === 0) bytes.writeUInt16LE(2000, 4);
        standIn.plant(`${folder}\\${index}`, bytes);
      }
      expect(code(() => root.walk("0"))).toBe("EIO");
      expect(code(() => root.walk("2"))).toBe("EIO");
      expect(code(() => walk(root, "1").readlink())).toBe("EINVAL");
    });
  });

  describe("links of Windows", () => {
    test.each([
      ["a path below", ntSymlink("dir\\file", true), "dir/file"],
      ["a path above", ntSymlink("..\\other", true), "../other"],
      ["a drive", ntSymlink("\\??\\D:\\", false), "/mnt/d"],
      ["a name in other letters", ntSymlink("a\uf03ab", true), "a:b"],
      ["a share", ntSymlink("\\??\\UNC\\server\\share", false), "//?/UNC/server/share"],
      ["a volume", junction("\\??\\Volume{0}\\"), "//?/Volume{0}/"],
      ["Linux's own", lxSymlink("/etc/\xffx"), "/etc/\xffx"],
    ])("to %s read as Linux's", (_what, reparse, target) => {
      const { folder, root, standIn } = exported();
      writeFileSync(`${folder}\\link`, "");
      standIn.plant(`${folder}\\link`, reparse);
      const link = walk(root, "link");
      expect(link.readlink()).toBe(target);
      expect(link.getattr()).toMatchObject({ mode: 0o120777, size: target.length });
    });

    test("lead to where the distribution has its drives", () => {
      const { folder, root, standIn } = exported({ drvfs: { symlinkRoot: "/drives" } });
      writeFileSync(`${folder}\\link`, "");
      standIn.plant(`${folder}\\link`, junction("\\??\\C:\\Users"));
      expect(walk(root, "link").readlink()).toBe("/drives/c/Users");
    });

    test.each([
      ["file", "windows"],
      ["dir", "windows"],
      ["dir/../file", "windows"],
      ["dir/a:b", "windows"],
      ["missing", "linux"],
      ["/file", "linux"],
      ["../outside/key", "linux"],
      ["./file", "linux"],
      ["linux-link", "linux"],
    ])("to %s are made as %s's", (target, kind) => {
      const { root, standIn } = exported();
      put(root, "file", "");
      void root.mkdir("dir", how);
      put(walk(root, "dir"), "a:b", "");
      void root.symlink("linux-link", "missing", { gid: 0 });
      const made = root.symlink("link", target, { gid: 0 }) as { readonly path: number };
      expect(walk(root, "link").readlink()).toBe(target);
      const tag = standIn.reparseOf(BigInt(made.path))?.readUInt32LE(0);
      expect(tag).toBe(kind === "windows" ? 0xa000_000c : 0xa000_001d);
    });

    test("are Linux's where Windows does not let this user make its own", () => {
      const { root, standIn } = exported();
      put(root, "file", "");
      standIn.refuseSymlinks = true;
      void root.symlink("link", "file", { gid: 0 });
      expect(walk(root, "link").readlink()).toBe("file");
      expect(names(root)).toEqual(["file", "link"]);
    });
  });

  describe("metadata", () => {
    const number = (value: number): Buffer => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(value);
      return bytes;
    };

    test.each([true, false])("is kept in the file (FILE_STAT_LX_INFORMATION %s)", (newer) => {
      const { root } = exported({ newer, drvfs: { metadata: true, uid: 7, gid: 8 } });
      const { node, file } = root.create("file", 2, { mode: 0o640, gid: 50 }) as {
        readonly node: FileNode;
        readonly file: OpenFile;
      };
      void file.close();
      expect(node.getattr()).toMatchObject({ mode: 0o100640, uid: 1000, gid: 50 });
      void node.setattr({ uid: 4_000_000_000, mode: 0o4755 });
      expect(node.getattr()).toMatchObject({ mode: 0o100755, uid: 4_000_000_000, gid: 50 });
    });

    test.each([true, false])("that cannot be is not believed (FILE_STAT_LX_INFORMATION %s)", (newer) => {
      const { folder, root, standIn } = exported({
        newer,
        drvfs: { metadata: true, uid: 7, gid: 8, fmask: 0o11 },
      });
      for (const name of ["none", "ids", "type", "device"]) writeFileSync(`${folder}\\${name}`, "");
      standIn.plantAttribute(`${folder}\\ids`, "$LXUID", number(0xffff_ffff));
      standIn.plantAttribute(`${folder}\\ids`, "$LXGID", number(0xffff_ffff));
      standIn.plantAttribute(`${folder}\\type`, "$LXMOD", number(0o40755));
      standIn.plantAttribute(`${folder}\\device`, "$LXMOD", number(0o100600));
      expect(walk(root, "none").getattr()).toMatchObject({ mode: 0o100766, uid: 7, gid: 8 });
      expect(walk(root, "ids").getattr()).toMatchObject({ uid: 7, gid: 8 });
      expect(walk(root, "type").getattr()).toMatchObject({ mode: 0o100000 });
      expect(walk(root, "device").getattr()).toMatchObject({ mode: 0o100600, device: 0 });
      void walk(root, "ids").setattr({ uid: 12 });
      void walk(root, "type").setattr({ mode: 0o600 });
      expect(walk(root, "ids").getattr()).toMatchObject({ uid: 12, gid: 8 });
      expect(walk(root, "type").getattr()).toMatchObject({ mode: 0o100600 });
    });

    test("that lets somebody write takes Windows's read-only attribute away", () => {
      const { folder, root } = exported({ drvfs: { metadata: true } });
      writeFileSync(`${folder}\\file`, "");
      chmodSync(`${folder}\\file`, 0o444);
      const file = walk(root, "file");
      expect(mode(file)).toBe("100555");
      void file.setattr({ mode: 0o400 });
      expect(statSync(`${folder}\\file`).mode & 0o222).toBe(0);
      void file.setattr({ mode: 0o600 });
      expect(mode(file)).toBe("100600");
      expect(statSync(`${folder}\\file`).mode & 0o200).toBe(0o200);
    });

    test("is not looked at when it is not asked for", () => {
      const { folder, root, standIn } = exported({ drvfs: { uid: 7 } });
      writeFileSync(`${folder}\\file`, "");
      standIn.plantAttribute(`${folder}\\file`, "$LXUID", number(12));
      standIn.plantAttribute(`${folder}\\file`, "$LXMOD", number(0o100600));
      expect(walk(root, "file").getattr()).toMatchObject({ uid: 7, mode: 0o100777 });
    });
  });

  describe("other things of Windows", () => {
    test("special files are what their tags say, and are not opened", () => {
      const { folder, root, standIn } = exported();
      const types = { fifo: 0x8000_0024, socket: 0x8000_0023, character: 0x8000_0025, block: 0x8000_0026 };
      for (const [name, tag] of Object.entries(types)) {
        writeFileSync(`${folder}\\${name}`, "");
        standIn.plant(`${folder}\\${name}`, tagged(tag));
        expect(code(() => walk(root, name).open(0))).toBe("ENXIO");
      }
      const found = open(root).readdir(0, 10) as readonly { readonly name: string; readonly type: number }[];
      expect(Object.fromEntries(found.map(({ name, type }) => [name, type]))).toEqual({
        fifo: 1,
        character: 2,
        block: 6,
        socket: 12,
      });
    });

    test("pipes and sockets are made, devices are not", async () => {
      const { root, standIn } = exported();
      const pipe = await root.mknod("pipe", 0, { mode: 0o10600, gid: 0 });
      const socket = await root.mknod("socket", 0, { mode: 0o140600, gid: 0 });
      expect(standIn.reparseOf(BigInt(pipe.path))?.toString("hex")).toBe("2400008000000000");
      expect(standIn.reparseOf(BigInt(socket.path))?.toString("hex")).toBe("2300008000000000");
      expect(mode(walk(root, "socket"))).toBe("140777");
      await expect(root.mknod("null", 0x103, { mode: 0o20666, gid: 0 })).rejects.toMatchObject({
        code: "EPERM",
      });
      expect(names(root)).toEqual(["pipe", "socket"]);
    });

    test("an app execution alias looks like a program of Windows", () => {
      const { folder, root, standIn } = exported();
      writeFileSync(`${folder}\\python.exe`, "");
      standIn.plant(`${folder}\\python.exe`, appAlias());
      const node = walk(root, "python.exe");
      expect(node.getattr()).toMatchObject({ size: 2 });
      expect(contentOf(node)).toBe("MZ");
      expect(mode(node)).toBe("100777");
    });

    test("directories tell capitals apart when they are to", () => {
      const { root, standIn } = exported({ drvfs: { case: "dir" } });
      void root.mkdir("one", how);
      expect(standIn.caseSensitive.size).toBe(1);
      const other = exported();
      void other.root.mkdir("two", how);
      expect(other.standIn.caseSensitive.size).toBe(0);
    });

    test("an open file can be removed and replaced, and its name is free at once", () => {
      const { folder, root } = exported();
      writeFileSync(`${folder}\\file`, "content");
      writeFileSync(`${folder}\\other`, "other");
      const reader = openSync(`${folder}\\file`, "r");
      const other = openSync(`${folder}\\other`, "r");
      void root.unlink("file", false);
      put(root, "file", "new");
      void root.rename("file", root, "other");
      expect(contentOf(walk(root, "other"))).toBe("new");
      expect(readFileSync(reader, "utf8")).toBe("content");
      expect(readFileSync(other, "utf8")).toBe("other");
      closeSync(reader);
      closeSync(other);
    });

    test("a directory is in nobody's way for longer than a moment", async () => {
      const { root, standIn } = exported();
      void root.mkdir("a", how);
      void walk(root, "a").mkdir("b", how);
      const inside = walk(root, "a", "b");
      put(inside, "file", "x");
      expect(standIn.handles).toBe(3);
      await vi.waitFor(() => expect(standIn.handles).toBe(1), { timeout: 10_000 });
      expect(contentOf(walk(inside, "file"))).toBe("x");
    });

    test("a directory can be renamed and removed when no more than the client is in it", () => {
      const { folder, root } = exported();
      void root.mkdir("a", how);
      void walk(root, "a").mkdir("b", how);
      const inside = walk(root, "a", "b");
      put(inside, "file", "x");
      void root.rename("a", root, "c");
      expect(contentOf(walk(inside, "file"))).toBe("x");
      const file = open(walk(inside, "file"));
      expect(code(() => root.rename("c", root, "d"))).toBe("EACCES");
      void file.close();
      void inside.unlink("file", false);
      void walk(root, "c").unlink("b", true);
      void root.unlink("c", true);
      expect(readdirSync(folder)).toEqual([]);
      mkdirSync(`${folder}\\a`);
      rmdirSync(`${folder}\\a`);
    });
  });
}
