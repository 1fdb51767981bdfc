import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  type Attributes,
  FileError,
  type FileNode,
  type FileSystem,
  HostDisk,
  MemoryFileSystem,
  replayed,
  ReplayScript,
} from "../../../src/fs-9p/index.ts";
import { seededRandom } from "../../support/random.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { treeListing } from "../../support/tree-listing.ts";

const how = { mode: 0o644, gid: 0 };
const request = { user: "", uid: 0xffff_fff0, path: "" };

/** Of a file that is in the script only. */
function ghost(path: number, isDirectory = false): Attributes {
  const time = { seconds: 1, nanoseconds: 0 };
  return {
    qid: { type: isDirectory ? 0x80 : 0, version: 1, path },
    mode: isDirectory ? 0o040755 : 0o100644,
    uid: 0,
    gid: 0,
    links: 1,
    device: 0,
    size: 5,
    blockSize: 4096,
    blocks: 1,
    accessed: time,
    modified: time,
    changed: time,
  };
}

async function world(): Promise<{
  readonly real: FileNode;
  readonly root: FileNode;
  readonly script: ReplayScript;
  readonly below: FileSystem;
}> {
  const below = new MemoryFileSystem();
  const real = below.attach(request);
  const { file } = await real.create("there", 2, how);
  await file.write(Buffer.from("hello"), 0);
  await real.mkdir("folder", { mode: 0o755, gid: 0 });
  const script = new ReplayScript();
  const root = await replayed(below, script).attach(request);
  return { real, root, script, below };
}

const attributesOf = async (root: FileNode, name: string): Promise<Attributes> =>
  await (await root.walk(name)).getattr();
const code = (code: string): object => expect.objectContaining({ code });
const trying = async (work: () => unknown): Promise<unknown> => await work();

test("without a script it is the world as it is", async () => {
  const { root, real } = await world();
  expect(await attributesOf(root, "there")).toEqual(await attributesOf(real, "there"));
  await expect(trying(() => root.walk("absent"))).rejects.toEqual(code("ENOENT"));
});

test("what has been made is not there before it is made, and then it is", async () => {
  const { root, real, script } = await world();
  const there = await attributesOf(real, "there");
  script.begin([{ directory: root.qid.path, name: "there", before: undefined, after: there }]);
  await expect(trying(() => root.walk("there"))).rejects.toEqual(code("ENOENT"));
  const { node, file } = await root.create("there", 1, how);
  expect(node.qid).toEqual(there.qid);
  expect(file.qid).toEqual(there.qid);
  expect(await attributesOf(root, "there")).toEqual(there);
});

test("what has been removed is there until it is removed, with what was in it", async () => {
  const { root, script } = await world();
  script.begin([
    { directory: 77, name: "inner", before: ghost(78), after: undefined },
    { directory: root.qid.path, name: "gone", before: ghost(77, true), after: undefined },
  ]);
  const gone = await root.walk("gone");
  expect((await (await gone.walk("inner")).getattr()).size).toBe(5);
  await expect(trying(() => gone.walk("other"))).rejects.toEqual(code("ENOENT"));
  await gone.unlink("inner", false);
  await expect(trying(() => gone.walk("inner"))).rejects.toEqual(code("ENOENT"));
  await root.unlink("gone", true);
  await expect(trying(() => root.walk("gone"))).rejects.toEqual(code("ENOENT"));
});

test("a rename moves what is looked at, and then lets the real one be walked into", async () => {
  const { root, real, script } = await world();
  const folder = await attributesOf(real, "folder");
  script.begin([
    { directory: root.qid.path, name: "old", before: folder, after: undefined },
    { directory: root.qid.path, name: "folder", before: undefined, after: folder },
  ]);
  expect((await root.walk("old")).qid).toEqual(folder.qid);
  await root.rename("old", root, "folder");
  await expect(trying(() => root.walk("old"))).rejects.toEqual(code("ENOENT"));
  await (await real.walk("folder")).create("inner", 2, how);
  expect((await (await root.walk("folder")).walk("inner")).qid.type).toBe(0);
});

test("a step that the client passes over does not hold up those after it", async () => {
  const { root, real, script } = await world();
  const there = await attributesOf(real, "there");
  const name = { directory: root.qid.path, name: "there" };
  script.begin([
    { ...name, before: there, after: there },
    { ...name, before: there, after: undefined },
    { ...name, before: undefined, after: ghost(90) },
  ]);
  await root.unlink("there", false);
  await expect(trying(() => root.walk("there"))).rejects.toEqual(code("ENOENT"));
  await root.create("there", 1, how);
  // Another file has the name now.
  expect((await root.walk("there")).qid.path).toBe(90);
  script.clear();
  expect((await root.walk("there")).qid).toEqual(there.qid);
});

test("nothing is done to what is below, whatever the client asks for", async () => {
  const { root, real, script } = await world();
  const there = await attributesOf(real, "there");
  script.begin([{ directory: root.qid.path, name: "there", before: there, after: there }]);
  const node = await root.walk("there");
  const file = await node.open(0o1001);
  await node.setattr({ size: 0, mode: 0 });
  await file.setattr({ size: 0 });
  for (const refused of [
    () => file.write(Buffer.from("x"), 0),
    () => root.create("new", 1, how),
    () => root.mkdir("new", how),
    () => root.symlink("new", "target", { gid: 0 }),
    () => root.mknod("new", 0, how),
    () => root.link("new", node),
    () => root.rename("there", root, "new"),
    () => root.unlink("there", false),
    () => node.moveTo(root, "new"),
    () => node.remove(),
    () => node.setxattr("a", Buffer.from("x"), 0),
  ])
    await expect(trying(refused)).rejects.toEqual(code("EROFS"));
  expect(await file.read(Buffer.alloc(5), 0)).toBe(0);
  await file.close();
  expect(await attributesOf(real, "there")).toEqual(there);
  await expect(trying(() => real.walk("new"))).rejects.toEqual(code("ENOENT"));
});

test("a client that asks for anything, in a script and beside it, changes nothing of the host's disk", async () => {
  const folder = await temporaryDirectory();
  mkdirSync(join(folder, "folder"));
  for (const name of ["a", "b", "folder/c"]) writeFileSync(join(folder, name), name);
  symlinkSync("a", join(folder, "link"));
  const before = treeListing(folder);
  const disk = new HostDisk(folder);
  const script = new ReplayScript();
  const root = await replayed(disk, script).attach(request);
  const random = seededRandom(4);
  const pick = <T>(from: readonly T[]): T => {
    const picked = from[Math.floor(random() * from.length)];
    if (picked === undefined) throw new Error("nothing to pick from");
    return picked;
  };
  const names = ["a", "b", "c", "folder", "link", "new", "gone"];
  const files = [ghost(5), ghost(6, true), await attributesOf(root, "a")];
  const anything = (): Attributes | undefined => (random() < 0.3 ? undefined : pick(files));
  const nodes = [root];
  for (let round = 0; round < 3000; round += 1) {
    if (round % 20 === 0) {
      const steps = names.map((name) => ({
        directory: pick(nodes).qid.path,
        name,
        before: anything(),
        after: anything(),
      }));
      script.begin(steps);
    }
    const node = pick(nodes);
    const name = pick(names);
    const work = pick<() => unknown>([
      async () => nodes.push(await node.walk(name)),
      async () => nodes.push((await node.create(name, 0o1001, how)).node),
      () => node.mkdir(name, how),
      () => node.rename(name, pick(nodes), pick(names)),
      () => node.unlink(name, random() < 0.5),
      () => node.setattr({ size: 0, mode: 0, modified: "now", uid: 1 }),
      async () => await (await node.open(0o1002)).write(Buffer.from("x"), 0),
      async () => await (await node.open(0o1002)).setattr({ size: 0 }),
      () => node.link(name, pick(nodes)),
      () => node.symlink(name, "a", { gid: 0 }),
      () => node.moveTo(root, name),
      () => node.remove(),
      () => node.getattr(),
      () => node.parent(),
    ]);
    await trying(work).catch((error: unknown) => {
      if (!(error instanceof FileError)) throw error;
    });
  }
  expect(nodes.length).toBeGreaterThan(20);
  expect(treeListing(folder)).toEqual(before);
});
