import { describe, expect, onTestFinished, test } from "vitest";
import type {
  Attributes,
  DirectoryEntry,
  FileNode,
  FileSystem,
  LockRequest,
  OpenFile,
} from "../../src/fs-9p/index.ts";
import { randomBytes } from "../support/bytes.ts";

/** What is under test, with an empty root for each test, which it may be left full. */
export interface FileSystemUnderTest {
  readonly fileSystem: FileSystem;
  /** Of the attach: which tree. */
  readonly path?: string;
  /** Nodes and files that somebody has open, where they can be counted: none may be left. */
  readonly held?: () => number;
  readonly release: () => Promise<void>;
}

/** What a file system cannot do, each with its reason where it is run. Everything else is expected of it. */
export interface Lacks {
  readonly xattrs?: boolean;
  /** Named pipes by mknod. */
  readonly pipes?: boolean;
  readonly devices?: boolean;
  readonly locks?: boolean;
  readonly setIds?: boolean;
  readonly owners?: boolean;
  /** Following a rename of a directory by a node that was walked to through it before. */
  readonly renamesOfWalkedNodes?: boolean;
  readonly pastTimes?: boolean;
  /** Names that are no UTF-8. */
  readonly nonUtf8Names?: boolean;
  /** Renaming a directory in which a file is open. */
  readonly busyDirectories?: boolean;
  /** Attributes of an open file that has no name any more. */
  readonly attributesOfRemoved?: boolean;
  /** Opening such a file again. */
  readonly openingRemoved?: boolean;
}

const O_RDONLY = 0;
const O_WRONLY = 1;
const O_RDWR = 2;
const O_EXCL = 0o200;
const O_TRUNC = 0o1000;
const O_APPEND = 0o2000;
const O_DIRECTORY = 0o200000;
const S_IFMT = 0o170000;
const how = { mode: 0o644, gid: 0 };

/** The promises of the port (src/fs-9p/file-system.ts), as Linux programs know them. */
export function testFileSystem(
  name: string,
  make: () => Promise<FileSystemUnderTest>,
  lacks: Lacks = {},
): void {
  describe(`${name} as a file system`, () => {
    /** Closes what a test has opened, in reverse. */
    const opened: { close(): unknown }[] = [];
    const keep = <T extends { close(): unknown }>(thing: T): T => {
      opened.push(thing);
      return thing;
    };

    async function root(): Promise<FileNode> {
      const { fileSystem, path = "", held, release } = await make();
      onTestFinished(async () => {
        for (const thing of opened.splice(0).toReversed()) await thing.close();
        const left = held?.() ?? 0;
        await release();
        if (left > 0) throw new Error(`${left} nodes or files are left open`);
      });
      return keep(await fileSystem.attach({ user: "root", uid: 0, path }));
    }
    const walk = async (node: FileNode, ...names: string[]): Promise<FileNode> => {
      let at = node;
      for (const name of names) at = keep(await at.walk(name));
      return at;
    };
    const open = async (node: FileNode, flags = O_RDONLY): Promise<OpenFile> => keep(await node.open(flags));
    const create = async (
      directory: FileNode,
      name: string,
      content: string | Buffer = "",
      flags = O_RDWR,
    ): Promise<{ readonly node: FileNode; readonly file: OpenFile }> => {
      const { node, file } = await directory.create(name, flags, how);
      keep(node);
      keep(file);
      if (content.length > 0) await file.write(Buffer.from(content), 0);
      return { node, file };
    };
    /** A file that nobody has open. */
    const put = async (directory: FileNode, name: string, content: string): Promise<void> => {
      const { node, file } = await directory.create(name, O_RDWR, how);
      await file.write(Buffer.from(content), 0);
      await file.close();
      await node.close();
    };
    const content = async (file: OpenFile, offset = 0, length = 1 << 20): Promise<string> => {
      const into = Buffer.alloc(length);
      return into.toString("latin1", 0, await file.read(into, offset));
    };
    const contentOf = async (node: FileNode): Promise<string> => await content(await open(node));
    const list = async (node: FileNode, count = 100): Promise<DirectoryEntry[]> => {
      const directory = await open(node);
      const entries: DirectoryEntry[] = [];
      for (;;) {
        const more = await directory.readdir(entries.at(-1)?.offset ?? 0, count);
        if (more.length === 0) return entries;
        entries.push(...more);
      }
    };
    const names = async (node: FileNode): Promise<string[]> =>
      (await list(node)).map(({ name }) => name).toSorted();
    const refused = async (code: string | RegExp, work: () => unknown): Promise<void> => {
      let thrown: unknown;
      try {
        await work();
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toMatchObject({
        name: "FileError",
        code: expect.stringMatching(new RegExp(`^${typeof code === "string" ? code : code.source}$`)),
      });
    };

    describe("a file", () => {
      test("has what was written, where it was written", async () => {
        const { file } = await create(await root(), "a", "hello");
        expect(await file.write(Buffer.from("p!"), 3)).toBe(2);
        expect(await content(file)).toBe("help!");
        expect(await content(file, 1, 2)).toBe("el");
        expect(await content(file, 5)).toBe("");
        expect(await content(file, 1000)).toBe("");
      });

      test("larger than any message comes back whole", async () => {
        const { file } = await create(await root(), "large");
        const bytes = randomBytes(5_000_000);
        expect(await file.write(bytes, 0)).toBe(bytes.length);
        const back = Buffer.alloc(bytes.length + 10);
        expect(await file.read(back, 0)).toBe(bytes.length);
        expect(back.subarray(0, bytes.length).equals(bytes)).toBe(true);
        expect(await file.getattr()).toMatchObject({ size: bytes.length });
      });

      test("has a hole of zeros before what is written beyond its end", async () => {
        const { file } = await create(await root(), "a", "x");
        await file.write(Buffer.from("y"), 4);
        expect(await content(file)).toBe("x\0\0\0y");
      });

      test("is opened for what it is opened for", async () => {
        const { node } = await create(await root(), "a", "content");
        const reading = await open(node, O_RDONLY);
        await refused("EBADF", () => reading.write(Buffer.from("x"), 0));
        const writing = await open(node, O_WRONLY);
        await refused("EBADF", () => writing.read(Buffer.alloc(1), 0));
        await open(node, O_WRONLY | O_TRUNC);
        expect(await node.getattr()).toMatchObject({ size: 0 });
      });

      test("opened for appending grows at its end", async () => {
        const { node } = await create(await root(), "a", "one");
        const file = await open(node, O_WRONLY | O_APPEND);
        await file.write(Buffer.from("two"), 0);
        expect(await contentOf(node)).toBe("onetwo");
      });

      test("is seen by others as soon as it is written", async () => {
        const { node, file } = await create(await root(), "a", "old");
        const other = await open(node);
        expect(await content(other)).toBe("old");
        await file.write(Buffer.from("new content"), 0);
        expect(await content(other)).toBe("new content");
        expect(await node.getattr()).toMatchObject({ size: 11 });
      });

      test("that exists is opened by create, and truncated only when asked", async () => {
        const directory = await root();
        await create(directory, "a", "content");
        expect(await content((await create(directory, "a")).file)).toBe("content");
        expect(await content((await create(directory, "a", "", O_RDWR | O_TRUNC)).file)).toBe("");
      });

      test("that exists is not created exclusively", async () => {
        const directory = await root();
        await create(directory, "a", "content");
        await refused("EEXIST", () => directory.create("a", O_RDWR | O_EXCL, how));
      });

      test("can be made durable", async () => {
        const { file } = await create(await root(), "a", "x");
        await file.fsync(true);
        await file.fsync(false);
        expect(await content(file)).toBe("x");
      });

      test("is no directory", async () => {
        const { node, file } = await create(await root(), "a");
        await refused(/ENOTDIR|ENOENT/, () => node.walk("b"));
        await refused("ENOTDIR", () => node.open(O_DIRECTORY));
        await refused("ENOTDIR", () => node.create("b", O_RDWR, how));
        await refused("ENOTDIR", () => node.mkdir("b", how));
        await refused(/ENOTDIR|EINVAL|EBADF/, () => file.readdir(0, 1));
      });
    });

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

    describe("removing", () => {
      test("has the rules of unlink(2) and rmdir(2)", async () => {
        const directory = await root();
        await directory.mkdir("full", how);
        await create(await walk(directory, "full"), "file");
        await create(directory, "file");
        await refused(/EISDIR|EPERM/, () => directory.unlink("full", false));
        await refused("ENOTDIR", () => directory.unlink("file", true));
        await refused("ENOTEMPTY", () => directory.unlink("full", true));
        const full = await walk(directory, "full");
        await refused("ENOTEMPTY", () => full.remove());
        await full.unlink("file", false);
        await full.remove();
        await directory.unlink("file", false);
        expect(await names(directory)).toEqual([]);
      });

      test("leaves an open file as it is", async () => {
        const directory = await root();
        const { file } = await create(directory, "a", "content");
        await directory.unlink("a", false);
        expect(await content(file)).toBe("content");
        await file.write(Buffer.from("C"), 0);
        await create(directory, "a", "another");
        expect(await content(file)).toBe("Content");
      });

      test.skipIf(lacks.attributesOfRemoved)("leaves an open file its attributes", async () => {
        const directory = await root();
        const { file } = await create(directory, "a", "content");
        await directory.unlink("a", false);
        expect(await file.getattr()).toMatchObject({ size: 7, links: 0 });
        await file.setattr({ size: 3, mode: 0o600 });
        expect(await file.getattr()).toMatchObject({ size: 3, mode: 0o100600 });
      });

      test.skipIf(lacks.openingRemoved)(
        "leaves an open file its node, by which it is changed and opened again",
        async () => {
          const directory = await root();
          const { node, file } = await create(directory, "a", "content");
          const reading = await open(node, O_RDONLY);
          await file.close();
          opened.splice(opened.indexOf(file), 1);
          await directory.unlink("a", false);
          await create(directory, "a", "another");
          expect(await node.getattr()).toMatchObject({ size: 7, links: 0 });
          await node.setattr({ size: 4, mode: 0o600 });
          expect(await node.getattr()).toMatchObject({ size: 4, mode: 0o100600 });
          const writing = await open(node, O_RDWR);
          await writing.write(Buffer.from("C"), 0);
          expect(await content(reading)).toBe("Cont");
        },
      );

      test("makes room for another file of that name", async () => {
        const directory = await root();
        const { node } = await create(directory, "a", "one");
        await directory.unlink("a", false);
        await refused(/ENOENT|ESTALE/, () => directory.walk("a"));
        await directory.mkdir("a", how);
        expect((await walk(directory, "a")).qid.type).toBe(0x80);
        expect(node.qid.type).toBe(0);
      });
    });

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
  });
}

const byName = (
  [left = ""]: readonly (string | number)[],
  [right = ""]: readonly (string | number)[],
): number => (String(left) < String(right) ? -1 : 1);
