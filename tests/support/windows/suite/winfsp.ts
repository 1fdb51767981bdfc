/** Run by node.exe under Wine: folders of the product over winfsp.node and the stand-in for WinFsp's library. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { WinfspModule } from "../../../../native/winfsp/native.d.ts";
import { loadNativeAddon } from "../../../../src/base/windows/native-addon.ts";
import { Folder } from "../../../../src/daemon/folders/folder.ts";
import type { FileNode, FileSystem } from "../../../../src/fs-9p/file-system.ts";
import { MemoryFileSystem } from "../../../../src/fs-9p/memory/file-system.ts";
import { environment } from "./environment.ts";
import { runTests } from "./vitest.ts";
import { access, Program, status, StatusError } from "./winfsp/program.ts";

// What native.d.ts says of the addon that was built with it.
const addon = loadNativeAddon("winfsp") as WinfspModule;
const PREFIX = String.raw`\tswsl$\debian`;
const FILE_ATTRIBUTE_DIRECTORY = 0x10;
const files = new Program(PREFIX);
const { signal } = new AbortController();
const who = { user: "root", uid: 0, path: "" };

let memory: MemoryFileSystem;
let root: FileNode;
let folder: Folder;

async function show(prefix: string, from: FileSystem, deadlineMs: number): Promise<Folder> {
  return await Folder.show({
    addon,
    mountPoint: "",
    prefix,
    open: async () => ({
      root: await from.attach(who),
      account: { gid: 0 },
      signal,
      release: () => undefined,
    }),
    idleMs: 60_000,
    deadlineMs,
  });
}

beforeEach(async () => {
  memory = new MemoryFileSystem();
  root = memory.attach(who);
  folder = await show(PREFIX, memory, 5000);
});

async function expectNothingLeft(): Promise<void> {
  const [handles, descriptors] = await files.call("leaks");
  expect({ handles, descriptors }).toEqual({ handles: 0n, descriptors: 0n });
}

afterEach(async () => {
  await folder.close();
  await expectNothingLeft();
});

/** The status that a call ends with. */
async function statusOf(work: Promise<unknown>): Promise<number | string> {
  try {
    await work;
    return "success";
  } catch (error) {
    if (error instanceof StatusError) return error.status;
    throw error;
  }
}

test("a file is made, written, read and written over", async () => {
  await files.writeFile("\\hello", "hello, world");
  expect((await files.readFile("\\hello")).toString()).toBe("hello, world");
  const file = await files.open("\\hello");
  expect(await file.write(Buffer.from("HELLO"), 0)).toBe(12n);
  expect(await file.write(Buffer.from("!"))).toBe(13n);
  expect(await file.write(Buffer.from("and more"), 10, "constrained")).toBe(13n);
  expect(String(await file.read(0, 100))).toBe("HELLO, worand");
  expect(await statusOf(file.read(13, 10))).toBe(status.endOfFile);
  await file.call("flush");
  await file.close();
  await (await files.open("\\hello", "overwrite")).close();
  expect(await files.open("\\hello").then((open) => open.close().then(() => open.size))).toBe(0n);
});

test("a megabyte goes and comes back whole", async () => {
  const content = Buffer.alloc(1024 * 1024, "0123456789abcdef-");
  await files.writeFile("\\big", content);
  expect((await files.readFile("\\big")).equals(content)).toBe(true);
});

test("what is absent, there already or no name has its own status", async () => {
  await files.makeDirectory("\\folder");
  await files.writeFile("\\folder\\file", "x");
  expect(await statusOf(files.open("\\absent"))).toBe(status.nameNotFound);
  expect(await statusOf(files.open("\\absent\\file"))).toBe(status.pathNotFound);
  expect(await statusOf(files.open("\\folder\\file\\below"))).toBe(status.pathNotFound);
  expect(await statusOf(files.writeFile("\\absent\\new", "x"))).toBe(status.pathNotFound);
  expect(await statusOf(files.writeFile("\\folder\\file", "x"))).toBe(status.nameCollision);
  expect(await statusOf(files.makeDirectory("\\folder"))).toBe(status.nameCollision);
  expect(await statusOf(files.open("\\slash\uf02f"))).toBe(status.nameInvalid);
  expect(await statusOf(files.open("\\half\ud800"))).toBe(status.nameInvalid);
});

test("a directory of 10,000 entries is listed whole, each entry once", async () => {
  const directory = await root.mkdir("many", { mode: 0o755, gid: 0 });
  expect(directory.type).toBe(0x80);
  const many = await root.walk("many");
  for (let i = 0; i < 10_000; i += 1) await many.mknod(`file ${i}`, 0, { mode: 0o100644, gid: 0 });
  const listed = await files.list("\\many");
  expect(listed.length).toBe(10_002);
  expect(new Set(listed).size).toBe(10_002);
  expect(listed.slice(0, 3)).toEqual([".|0|16", "..|0|16", "file 0|0|128"]);
});

test("the root has no dots, and a single name is found without a listing", async () => {
  await files.writeFile("\\one", "1");
  await files.makeDirectory("\\two");
  expect((await files.list("\\")).toSorted()).toEqual(["one|1|128", "two|0|16"]);
  const directory = await files.open("\\", "open", access.read);
  const [, size, attributes] = await directory.call("find", { name: "one" });
  expect([size, attributes]).toEqual([1n, 128n]);
  expect(await statusOf(directory.call("find", { name: "three" }))).toBe(status.nameNotFound);
  await directory.close();
});

test("names that Windows cannot have come back as they were", async () => {
  const names = [
    "a:b",
    'q"?*<>|\\',
    "dot.",
    "space ",
    "\u00ff\u00fe",
    "tab\t",
    "\u00e4",
    "caf\u00c3\u00a9",
    "\u00ef\u0080\u00ba",
  ];
  for (const name of names) await root.mknod(name, 0, { mode: 0o100644, gid: 0 });
  const listed = (await files.list("\\")).map((line) => line.slice(0, -"|0|128".length));
  expect(listed).toContain("a\uf03ab");
  expect(listed).toContain("caf\u00e9");
  expect(listed.filter((name) => /[:"?*<>\\|]|[. ]$/.test(name))).toEqual([]);
  for (const name of listed) await files.remove(`\\${name}`);
  expect(await files.list("\\")).toEqual([]);
  await files.writeFile("\\sm\u00f8rrebr\u00f8d \ud83e\udd6a", "x");
  const text = Buffer.from("sm\u00f8rrebr\u00f8d \ud83e\udd6a").toString("latin1");
  expect((await (await root.walk(text)).getattr()).size).toBe(1);
});

test("renaming moves, and replaces only when it may", async () => {
  await files.makeDirectory("\\folder");
  await files.writeFile("\\one", "1");
  await files.writeFile("\\two", "2");
  expect(await statusOf(files.rename("\\one", "\\two", false))).toBe(status.nameCollision);
  await files.rename("\\one", "\\two", true);
  await files.rename("\\two", "\\folder\\three", false);
  expect(await files.list("\\")).toEqual(["folder|0|16"]);
  expect(String(await files.readFile("\\folder\\three"))).toBe("1");
  expect(await statusOf(files.rename("\\folder", "\\absent\\folder", false))).toBe(status.pathNotFound);
});

test("files and empty directories are deleted, others are not", async () => {
  await files.makeDirectory("\\folder");
  await files.writeFile("\\folder\\file", "x");
  expect(await statusOf(files.remove("\\folder"))).toBe(status.directoryNotEmpty);
  await files.remove("\\folder\\file");
  await files.remove("\\folder");
  expect(await files.list("\\")).toEqual([]);
});

test("size and times are changed; an allocation only cuts", async () => {
  await files.writeFile("\\file", "0123456789");
  const file = await files.open("\\file");
  expect((await file.call("set-size", { second: 20n }))[1]).toBe(20n);
  expect((await file.call("set-size", { second: 4096n, argument: "allocation" }))[1]).toBe(20n);
  expect((await file.call("set-size", { second: 5n, argument: "allocation" }))[1]).toBe(5n);
  const time = 133_444_736_001_234_567n;
  expect((await file.call("set-time", { second: time }))[3]).toBe(time);
  await file.close();
  const { modified } = await (await root.walk("file")).getattr();
  expect(modified).toEqual({ seconds: 1_700_000_000, nanoseconds: 123_456_700 });
});

test("permissions are a security descriptor, and a change of that changes them", async () => {
  await files.writeFile("\\file", "x");
  const node = await root.walk("file");
  await node.setattr({ mode: 0o640 });
  const file = await files.open("\\file");
  const bytes = Buffer.alloc(4096);
  const sddl = async (): Promise<string> => {
    const [length = 0n] = await file.call("get-security", { bytes });
    return bytes.toString("utf16le", 0, Number(length));
  };
  const before = await sddl();
  expect(before).toMatch(/^D:P\(A;;[^)]*\)\(A;;[^)]*\)\(A;;[^)]*;WD\)$/);
  await file.call("set-security", { argument: "D:P(A;;FA;;;BA)(A;;FR;;;BU)(A;;FR;;;WD)" });
  expect((await node.getattr()).mode & 0o777).toBe(0o744);
  await file.call("set-security", { argument: before });
  expect((await node.getattr()).mode & 0o777).toBe(0o640);
  await file.close();
});

test("symbolic links lead to what they name, inside the distro; deleting one deletes the link", async () => {
  await root.mkdir("usr", { mode: 0o755, gid: 0 });
  const usr = await root.walk("usr");
  await usr.mknod("tool", 0, { mode: 0o100755, gid: 0 });
  await root.symlink("bin", "/usr", { gid: 0 });
  await usr.symlink("up", "../../../usr/tool", { gid: 0 });
  await root.symlink("nowhere", "absent", { gid: 0 });
  await root.symlink("loop", "loop", { gid: 0 });
  const bin = await files.open("\\bin", "open", access.read);
  expect(bin.attributes).toBe(FILE_ATTRIBUTE_DIRECTORY);
  await bin.close();
  expect(await files.list("\\")).toEqual(["usr|0|16", "bin|0|16", "nowhere|6|128", "loop|4|128"]);
  expect(await files.list("\\bin")).toEqual([".|0|16", "..|0|16", "tool|0|128", "up|0|128"]);
  await files.writeFile("\\bin\\new", "through the link");
  expect(String(await files.readFile("\\usr\\new"))).toBe("through the link");
  expect(await statusOf(files.open("\\nowhere"))).toBe(status.nameNotFound);
  expect(await statusOf(files.open("\\loop"))).toBe(0xc000_0280);
  await files.remove("\\usr\\up");
  expect(await files.list("\\usr")).toContain("tool|0|128");
});

test("the volume tells its size", async () => {
  const { blockSize, blocks, availableBlocks } = await root.statfs();
  const [total, free] = await files.call("volume");
  expect([total, free]).toEqual([BigInt(blockSize * blocks), BigInt(blockSize * availableBlocks)]);
});

test("a prefix is one volume's; another may be shown beside it", async () => {
  await expect(show(PREFIX, memory, 5000)).rejects.toThrow("FspFileSystemCreate: 0xC0000035");
  await expect(show("no prefix", memory, 5000)).rejects.toThrow("0xC000000D");
  await expect(show(`\\tswsl$\\${"x".repeat(200)}`, memory, 5000)).rejects.toThrow("too long");
  const other = await show(String.raw`\tswsl$\alpine`, new MemoryFileSystem(), 5000);
  expect(await new Program(String.raw`\tswsl$\alpine`).list("\\")).toEqual([]);
  await other.close();
});

/** Its root never answers once it is asked to walk. */
function silent(): FileSystem {
  const node = memory.attach(who);
  const walk = (): Promise<never> => new Promise(() => undefined);
  // A node of memory but for one method.
  const root = Object.defineProperty(node, "walk", { value: walk });
  return { attach: () => root };
}

test("a file system that does not answer is a timeout, also while JavaScript does not run", async () => {
  const prefix = String.raw`\tswsl$\silent`;
  const program = new Program(prefix);
  const hung = await show(prefix, silent(), 300);
  // Opened, so that nobody is given the time that a start takes.
  await program.call("volume");
  expect(await statusOf(program.open("\\file"))).toBe(status.timeout);
  const blocked = statusOf(program.call("volume"));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
  expect(await blocked).toBe(status.timeout);
  await hung.close();
});

test("taking a volume away waits for nobody", async () => {
  const prefix = String.raw`\tswsl$\silent`;
  const program = new Program(prefix);
  const hung = await show(prefix, silent(), 3_600_000);
  const waiting = statusOf(program.open("\\file"));
  let asked = false;
  void waiting.then(() => (asked = true));
  await vi.waitFor(() => expect(asked).toBe(false), { timeout: 100 });
  await new Promise((resolve) => setTimeout(resolve, 200));
  await hung.close();
  expect(await waiting).toBe(status.disconnected);
  expect(await statusOf(program.call("volume"))).toBe(status.disconnected);
});

await runTests(environment("TSWSL_TEST_RESULTS"), new RegExp(process.env["TSWSL_TEST_ONLY"] ?? ""));
process.exit(0);
