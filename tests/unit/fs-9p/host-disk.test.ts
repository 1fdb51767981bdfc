import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type FileError, type FileNode, HostDisk, type OpenFile } from "../../../src/fs-9p/index.ts";
import { openFiles } from "../../support/leaks.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const how = { mode: 0o644, gid: 0 };

/** An exported folder beside a secret, and the root of a host disk on it. */
async function exported(rememberForMs = 0): Promise<{
  readonly folder: string;
  readonly secret: string;
  readonly disk: HostDisk;
  readonly root: FileNode;
}> {
  const above = await temporaryDirectory();
  const folder = join(above, "export");
  const secret = join(above, "secret");
  mkdirSync(folder);
  mkdirSync(secret);
  writeFileSync(join(secret, "key"), "secret");
  const disk = new HostDisk(folder, { rememberForMs });
  onTestFinished(() => disk.close());
  return { folder, secret, disk, root: disk.attach({ user: "", uid: 0, path: "" }) };
}

// Everything but a named pipe and fsync is synchronous on a host disk.
const walk = (node: FileNode, ...names: string[]): FileNode =>
  names.reduce((at, name) => at.walk(name) as FileNode, node);
const open = (node: FileNode, flags = 0): OpenFile => node.open(flags) as OpenFile;
const text = (file: OpenFile): string => {
  const into = Buffer.alloc(100);
  return into.toString("utf8", 0, file.read(into, 0) as number);
};
function code(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as FileError).code;
  }
  return "none";
}

describe("nothing outside the folder is reached", () => {
  test("through a symbolic link", async () => {
    const { folder, secret, root } = await exported();
    symlinkSync(secret, join(folder, "out"));
    symlinkSync(join(secret, "key"), join(folder, "key"));
    const out = walk(root, "out");
    expect(out.qid.type).toBe(2);
    expect(out.readlink()).toBe(secret);
    expect(code(() => out.walk("key"))).toBe("ENOTDIR");
    expect(code(() => walk(root, "key").open(0))).toBe("ELOOP");
    expect(code(() => root.create("key", 2, how))).toBe("ELOOP");
    expect(code(() => walk(root, "key").setattr({ size: 0 }))).toBe("EINVAL");
    expect(code(() => walk(root, "key").setattr({ mode: 0o777 }))).toBe("EOPNOTSUPP");
    void walk(root, "key").setattr({ modified: { seconds: 1, nanoseconds: 0 } });
    expect(readFileSync(join(secret, "key"), "utf8")).toBe("secret");
    expect(statSync(join(secret, "key")).mtimeMs).toBeGreaterThan(1000);
    expect(statSync(join(secret, "key")).mode & 0o777).not.toBe(0o777);
  });

  test("when a directory becomes a link after it was walked to", async () => {
    const { folder, secret, root } = await exported();
    mkdirSync(join(folder, "dir"));
    const unopened = walk(root, "dir");
    rmSync(join(folder, "dir"), { recursive: true });
    symlinkSync(secret, join(folder, "dir"));
    for (const work of [
      () => unopened.walk("key"),
      () => unopened.create("new", 2, how),
      () => unopened.mkdir("new", how),
      () => unopened.unlink("key", false),
      () => unopened.open(0),
    ])
      expect(code(work)).toBe("ENOTDIR");
    expect(readdirSync(secret)).toEqual(["key"]);
  });

  test("when a directory in use is moved away and a link put in its place", async () => {
    const { folder, secret, root } = await exported();
    mkdirSync(join(folder, "dir"));
    writeFileSync(join(folder, "dir", "key"), "inside");
    const dir = walk(root, "dir");
    expect(text(open(walk(dir, "key")))).toBe("inside");
    renameSync(join(folder, "dir"), join(folder, "moved"));
    symlinkSync(secret, join(folder, "dir"));
    expect(text(open(walk(dir, "key")))).toBe("inside");
    void dir.unlink("key", false);
    expect(existsSync(join(secret, "key"))).toBe(true);
    expect(existsSync(join(folder, "moved", "key"))).toBe(false);
  });

  test("by .. from a directory that has been moved out", async () => {
    const { folder, secret, root } = await exported();
    mkdirSync(join(folder, "dir"));
    const dir = walk(root, "dir");
    void open(dir);
    renameSync(join(folder, "dir"), join(secret, "dir"));
    const parent = dir.parent() as FileNode;
    expect(parent.qid.path).toBe(root.qid.path);
  });

  test("by attaching", async () => {
    const { folder, secret, disk } = await exported();
    symlinkSync(secret, join(folder, "out"));
    for (const path of ["out", "../secret", "..", "a/../.."])
      expect(code(() => disk.attach({ user: "", uid: 0, path }))).toMatch(/^(ENOTDIR|EINVAL|ENOENT)$/);
  });

  test("while another program exchanges a directory and a link to the secret all the time", async () => {
    const { folder, root } = await exported();
    mkdirSync(join(folder, "dir"));
    writeFileSync(join(folder, "dir", "key"), "inside");
    symlinkSync("../secret", join(folder, "link"));
    const script = `const fs=require("fs");process.chdir(process.argv[1]);for(;;){fs.renameSync("dir","tmp");
      fs.renameSync("link","dir");fs.renameSync("dir","link");fs.renameSync("tmp","dir");if(fs.existsSync("stop"))break}`;
    const other = spawn(process.execPath, ["-e", script, folder], { stdio: "ignore" });
    const exited = new Promise((resolve) => other.once("exit", resolve));
    const seen = new Set<string>();
    for (let round = 0; round < 3000; round += 1) {
      try {
        seen.add(text(open(walk(root, "dir", "key"))));
      } catch (error) {
        seen.add((error as FileError).code);
      }
    }
    writeFileSync(join(folder, "stop"), "");
    await exited;
    expect([...seen].filter((what) => !["inside", "ENOENT", "ENOTDIR"].includes(what))).toEqual([]);
  });
});

describe("descriptors", () => {
  test("are one for each directory that is used, none for files, and all given back", async () => {
    const { folder, root } = await exported();
    mkdirSync(join(folder, "dir"));
    for (let index = 0; index < 50; index += 1) writeFileSync(join(folder, "dir", String(index)), "");
    const before = openFiles(process.pid).length;
    const nodes = Array.from({ length: 50 }, (_, index) => walk(root, "dir", String(index)));
    expect(openFiles(process.pid).length).toBe(before + 1);
    const file = open(nodes[0] ?? root);
    expect(openFiles(process.pid).length).toBe(before + 2);
    void file.close();
    for (const node of nodes) void node.close();
    expect(openFiles(process.pid).length).toBe(before + 1);
  });
});

test("directories above the limit are opened again when they are wanted", async () => {
  const { folder } = await exported();
  const path = ["a", "b", "c", "d", "e", "f"];
  mkdirSync(join(folder, ...path), { recursive: true });
  writeFileSync(join(folder, ...path, "file"), "deep");
  const disk = new HostDisk(folder, { maxDirectories: 2, rememberForMs: 0 });
  const root = disk.attach({ user: "", uid: 0, path: "" });
  const before = openFiles(process.pid).length;
  const nodes = path.map((_, index) => walk(root, ...path.slice(0, index + 1)));
  const deepest = nodes.at(-1) ?? root;
  const listed = open(deepest);
  for (const node of [...nodes, ...nodes.toReversed()]) {
    void node.mkdir("made", how);
    void node.rename("made", deepest, "moved");
    void deepest.unlink("moved", true);
    void node.getattr();
    for (const child of path) code(() => void (node.walk(child) as FileNode).close());
  }
  expect((listed.readdir(0, 9) as readonly { name: string }[]).map(({ name }) => name)).toEqual(["file"]);
  expect(text(open(walk(deepest, "file")))).toBe("deep");
  void deepest.walk("file");
  // The file that was just read, and what a rename between two deep directories has opened since.
  expect(openFiles(process.pid).length - before).toBeLessThan(6);
  disk.close();
});

describe("an open file", () => {
  test("lives on when it is removed", async () => {
    const { folder, root } = await exported();
    const created = root.create("a", 2, how);
    if (created instanceof Promise) throw new Error("not synchronous");
    const { node, file } = created;
    void file.write(Buffer.from("still here"), 0);
    void root.unlink("a", false);
    expect(text(file)).toBe("still here");
    expect(file.getattr()).toMatchObject({ size: 10, links: 0 });
    void file.setattr({ size: 5, mode: 0o600 });
    expect(file.getattr()).toMatchObject({ size: 5, mode: 0o100600 });
    expect(node.getattr()).toMatchObject({ size: 5, links: 0 });
    expect(readdirSync(folder)).toEqual([]);
    void file.close();
    expect(code(() => node.getattr())).toBe("ENOENT");
    expect(code(() => node.open(0))).toBe("ENOENT");
  });

  test("has its attributes when another program has removed it", async () => {
    const { folder, root } = await exported();
    writeFileSync(join(folder, "a"), "content");
    const node = walk(root, "a");
    const file = open(node);
    rmSync(join(folder, "a"));
    expect(node.getattr()).toMatchObject({ size: 7, links: 0 });
    void file.close();
    expect(code(() => node.getattr())).toBe("ENOENT");
  });

  test("must be a regular one: a pipe would block", async () => {
    const { folder, root } = await exported();
    execFileSync("mkfifo", [join(folder, "pipe")]);
    expect(code(() => walk(root, "pipe").open(0))).toBe("ENXIO");
    expect(code(() => walk(root, "pipe").open(1))).toBe("ENXIO");
    expect(code(() => walk(root, "pipe").setattr({ size: 0 }))).toBe("EINVAL");
  });
});

describe("names", () => {
  test("are bytes", async () => {
    const { folder, root } = await exported();
    const bytes = Buffer.from([0x66, 0xff, 0xe4, 0x20]);
    const name = bytes.toString("latin1");
    const created = root.create(name, 2, how);
    if (!(created instanceof Promise)) void created.file.close();
    expect(readdirSync(folder, "buffer")).toEqual([bytes]);
    expect((open(root).readdir(0, 9) as readonly { name: string }[]).map(({ name }) => name)).toEqual([name]);
    void root.symlink("link", name, { gid: 0 });
    expect(walk(root, "link").readlink()).toBe(name);
    void root.rename(name, root, "plain");
    expect(existsSync(join(folder, "plain"))).toBe(true);
  });

  test("that another node stands for follow a rename", async () => {
    const { folder, root } = await exported();
    mkdirSync(join(folder, "from", "deep"), { recursive: true });
    mkdirSync(join(folder, "to"));
    writeFileSync(join(folder, "from", "deep", "file"), "content");
    const file = walk(root, "from", "deep", "file");
    const deep = walk(root, "from", "deep");
    void walk(root, "from").rename("deep", walk(root, "to"), "deeper");
    void walk(root, "to", "deeper").rename("file", root, "renamed");
    expect(text(open(file))).toBe("content");
    expect((deep.parent() as FileNode).qid.path).toBe(walk(root, "to").qid.path);
    void file.remove();
    expect(readdirSync(folder).toSorted()).toEqual(["from", "to"]);
  });

  test("of the same file stay two when one is renamed to the other", async () => {
    const { folder, root } = await exported();
    writeFileSync(join(folder, "a"), "x");
    void root.link("b", walk(root, "a"));
    const a = walk(root, "a");
    void root.rename("a", root, "b");
    void a.remove();
    expect(readdirSync(folder)).toEqual(["b"]);
  });
});

describe("attributes", () => {
  test("have nanoseconds, and are set to a microsecond", async () => {
    const { folder, root } = await exported();
    writeFileSync(join(folder, "a"), "");
    const time = { seconds: 1_700_000_000, nanoseconds: 123_456_789 };
    void walk(root, "a").setattr({ modified: time });
    const { mtimeNs } = lstatSync(join(folder, "a"), { bigint: true });
    expect(Math.abs(Number(mtimeNs - 1_700_000_000_123_456_789n))).toBeLessThan(1001);
    const { modified } = walk(root, "a").getattr() as { modified: typeof time };
    expect(BigInt(modified.seconds) * 1_000_000_000n + BigInt(modified.nanoseconds)).toBe(mtimeNs);
    const past = { seconds: -5, nanoseconds: 0 };
    expect(code(() => walk(root, "a").setattr({ accessed: past }))).toBe("EINVAL");
  });

  test("of before 1970 are read as they are", async () => {
    const { folder, root } = await exported();
    execFileSync("touch", ["-d", "1969-12-31T23:59:58.25Z", join(folder, "old")]);
    expect(walk(root, "old").getattr()).toMatchObject({
      modified: { seconds: -2, nanoseconds: 250_000_000 },
    });
  });

  test("have the mode that was asked for, whatever the umask, but no set-ID bits", async () => {
    const { folder, root } = await exported();
    const created = root.create("a", 2, { mode: 0o666, gid: 0 });
    if (!(created instanceof Promise)) void created.file.close();
    void root.mkdir("d", { mode: 0o2777, gid: 0 });
    const mode = (name: string): number => statSync(join(folder, name)).mode & 0o7777;
    expect([mode("a"), mode("d")]).toEqual([0o666, 0o2777]);
    void walk(root, "a").setattr({ mode: 0o6755 });
    expect(mode("a")).toBe(0o755);
  });

  test("are remembered for the requests that follow, and forgotten with the next change", async () => {
    const { folder, root } = await exported(60_000);
    writeFileSync(join(folder, "a"), "1");
    const node = walk(root, "a");
    writeFileSync(join(folder, "a"), "12");
    expect(node.getattr()).toMatchObject({ size: 1 });
    void root.mkdir("d", how);
    expect(node.getattr()).toMatchObject({ size: 2 });
  });

  test("are those that a listing found", async () => {
    const { folder, root } = await exported(60_000);
    writeFileSync(join(folder, "a"), "1");
    void open(root).readdir(0, 10);
    chmodSync(join(folder, "a"), 0o600);
    utimesSync(join(folder, "a"), 5, 5);
    expect(walk(root, "a").getattr()).not.toMatchObject({ modified: { seconds: 5 } });
  });
});

test("a named pipe is made, a device and a socket are not", async () => {
  const { folder, root } = await exported();
  await root.mknod("pipe", 0, { mode: 0o10640, gid: 0 });
  const { mode } = statSync(join(folder, "pipe"));
  expect(mode).toBe(0o10640);
  await expect(root.mknod("pipe", 0, { mode: 0o10640, gid: 0 })).rejects.toMatchObject({ code: "EEXIST" });
  await expect(root.mknod("device", 0x103, { mode: 0o20666, gid: 0 })).rejects.toMatchObject({
    code: "EPERM",
  });
  await expect(root.mknod("socket", 0, { mode: 0o140666, gid: 0 })).rejects.toMatchObject({ code: "EPERM" });
});

test("a folder that is none is refused", async () => {
  const above = await temporaryDirectory();
  writeFileSync(join(above, "file"), "");
  expect(code(() => new HostDisk(join(above, "none")))).toBe("ENOENT");
  expect(code(() => new HostDisk(join(above, "file")))).toBe("ENOTDIR");
});
