import { expect, test } from "vitest";
import { TswslError } from "../../../../src/base/errors.ts";
import { copyFiles, type CopyRequest } from "../../../../src/distro/files/copy/copy-request.ts";
import { deviceNumber, S_IFBLK, S_IFIFO, S_IFSOCK } from "../../../../src/fs-9p/linux.ts";
import {
  inDebian,
  makeDirectories,
  MemoryPlaces,
  nodeAt,
  onHost,
  paths,
  quietCall,
  read,
  write,
} from "./memory-places.ts";

const at = (seconds: number): { seconds: number; nanoseconds: number } => ({
  seconds,
  nanoseconds: 123_456_789,
});

async function copy(places: MemoryPlaces, request: Partial<CopyRequest>, call = quietCall()) {
  const copied = await copyFiles(
    { sources: [], target: onHost("/"), recursive: true, ...request },
    places,
    call,
  );
  expect(places.opened).toBe(0);
  return copied;
}

test("a file to a new name, with its content, mode, owner and times", async () => {
  const places = new MemoryPlaces();
  const node = await write(places.debian, "/etc/app.conf", "hello\n");
  await node.setattr({ mode: 0o4750, uid: 10, gid: 20, accessed: at(1000), modified: at(2000) });
  const copied = await copy(places, {
    sources: [inDebian("/etc/app.conf")],
    target: onHost("/copy"),
    recursive: false,
  });
  expect(copied).toEqual({ files: 1, directories: 0, others: 0, bytes: 6, failed: 0, failures: [] });
  expect(await read(places.host, "/copy")).toBe("hello\n");
  const { mode, uid, gid, accessed, modified } = await (await nodeAt(places.host, "/copy")).getattr();
  expect([mode & 0o7777, uid, gid, accessed, modified]).toEqual([0o4750, 10, 20, at(1000), at(2000)]);
  expect(await paths(places.host)).toEqual(["/copy"]);
});

test("without the right to give files away, nothing runs as somebody else", async () => {
  const places = new MemoryPlaces();
  places.keepOwner = false;
  const node = await write(places.debian, "/su", "x");
  await node.setattr({ mode: 0o6755, uid: 10, gid: 20 });
  await copy(places, { sources: [inDebian("/su")] });
  const { mode, uid } = await (await nodeAt(places.host, "/su")).getattr();
  expect([mode & 0o7777, uid]).toEqual([0o755, 0]);
});

test("a tree: links of both kinds, pipes and devices, and the times of directories", async () => {
  const places = new MemoryPlaces();
  const file = await write(places.debian, "/tree/deep/a", "same");
  const deep = await nodeAt(places.debian, "/tree/deep");
  await deep.link("b", file);
  await deep.symlink("absolute", "/etc/passwd", { gid: 0 });
  await deep.symlink("dangling", "../\xff", { gid: 0 });
  await deep.mknod("pipe", 0, { mode: S_IFIFO | 0o600, gid: 0 });
  await deep.mknod("disk", deviceNumber(8, 1), { mode: S_IFBLK | 0o660, gid: 6 });
  await deep.mknod("socket", 0, { mode: S_IFSOCK | 0o777, gid: 0 });
  await (await nodeAt(places.debian, "/tree/deep/dangling")).setattr({ modified: at(5) });
  await deep.setattr({ mode: 0o1500, modified: at(77) });
  const call = quietCall();
  const copied = await copy(places, { sources: [inDebian("/tree")], target: onHost("/copy") }, call);
  expect(copied).toMatchObject({ files: 1, directories: 2, others: 5, bytes: 4, failed: 0 });
  expect(call.reports.map(({ warning }) => warning)).toContain(
    "debian:/tree/deep/socket: a socket, which is left out",
  );
  expect(await paths(places.host)).toEqual([
    "/copy",
    "/copy/deep",
    ...["a", "absolute", "b", "dangling", "disk", "pipe"].map((name) => `/copy/deep/${name}`),
  ]);
  const node = async (name: string) => nodeAt(places.host, `/copy/deep/${name}`);
  const [a, b, disk] = await Promise.all(
    ["a", "b", "disk"].map(async (name) => (await node(name)).getattr()),
  );
  expect([a?.qid, a?.links]).toEqual([b?.qid, 2]);
  expect(disk?.device).toBe(deviceNumber(8, 1));
  expect(await (await node("absolute")).readlink()).toBe("/etc/passwd");
  expect(await (await node("dangling")).readlink()).toBe("../\xff");
  expect((await (await node("dangling")).getattr()).modified).toEqual(at(5));
  const directory = await (await nodeAt(places.host, "/copy/deep")).getattr();
  expect([directory.mode & 0o7777, directory.modified]).toEqual([0o1500, at(77)]);
});

test("into an existing directory, by the last name; what is there is replaced, directories are merged and stay as they are", async () => {
  const places = new MemoryPlaces();
  await write(places.debian, "/etc/x/one", "new");
  await write(places.host, "/there/etc/x/one", "old");
  await write(places.host, "/there/etc/x/two", "kept");
  await (await nodeAt(places.host, "/there/etc/x")).setattr({ mode: 0o711 });
  const copied = await copy(places, { sources: [inDebian("/etc")], target: onHost("/there") });
  expect(copied).toMatchObject({ files: 1, directories: 0, failed: 0 });
  expect(await read(places.host, "/there/etc/x/one")).toBe("new");
  expect(await read(places.host, "/there/etc/x/two")).toBe("kept");
  expect((await (await nodeAt(places.host, "/there/etc/x")).getattr()).mode & 0o7777).toBe(0o711);
});

test("`dir/.` is what is in the directory", async () => {
  const places = new MemoryPlaces();
  await write(places.debian, "/etc/x/one", "1");
  await makeDirectories(places.host, "/there");
  await copy(places, { sources: [inDebian("/etc/.")], target: onHost("/there") });
  expect(await paths(places.host)).toEqual(["/there", "/there/x", "/there/x/one"]);
});

test("through links on the way, at the target, and at the source without -r", async () => {
  const places = new MemoryPlaces();
  await write(places.debian, "/usr/bin/tool", "tool");
  await places.debian.symlink("bin", "usr/bin", { gid: 0 });
  await (await nodeAt(places.debian, "/usr/bin")).symlink("alias", "/bin/../bin/tool", { gid: 0 });
  await makeDirectories(places.host, "/real");
  await places.host.symlink("link", "/real", { gid: 0 });
  await copy(places, { sources: [inDebian("/bin/alias")], target: onHost("/link"), recursive: false });
  expect(await read(places.host, "/real/alias")).toBe("tool");
  await copy(places, { sources: [inDebian("/bin/alias")], target: onHost("/as-link") });
  expect(await (await nodeAt(places.host, "/as-link")).readlink()).toBe("/bin/../bin/tool");
});

test("both ways, and within one distribution", async () => {
  const places = new MemoryPlaces();
  await write(places.host, "/src/main.ts", "code");
  await makeDirectories(places.debian, "/home/me");
  await copy(places, { sources: [onHost("/src")], target: inDebian("") });
  await copy(places, { sources: [inDebian("src")], target: inDebian("copy") });
  expect(await read(places.debian, "/home/me/copy/main.ts")).toBe("code");
});

test("large, sparse and empty files are what they were", async () => {
  const places = new MemoryPlaces();
  const large = Buffer.alloc(3_000_001, "0123456789abcdef-");
  await write(places.debian, "/d/large", large);
  await write(places.debian, "/d/empty", "");
  const sparse = await write(places.debian, "/d/sparse", "");
  const file = await sparse.open(1);
  await file.write(Buffer.from("middle"), 2_000_000);
  await file.setattr({ size: 5_000_000 });
  await file.close();
  const copied = await copy(places, { sources: [inDebian("/d")], target: onHost("/c") });
  expect(copied.bytes).toBe(8_000_001);
  for (const name of ["large", "empty", "sparse"])
    expect((await read(places.host, `/c/${name}`)) === (await read(places.debian, `/d/${name}`))).toBe(true);
});

test.each<[string, Partial<CopyRequest>, string]>([
  [
    "a directory without -r",
    { sources: [inDebian("/d")], recursive: false },
    "is a directory, which is copied only with -r",
  ],
  ["what is not there", { sources: [inDebian("/none")] }, "no such file or directory"],
  [
    "a file to a name with a slash",
    { sources: [inDebian("/d/f")], target: onHost("/new/") },
    "not a directory",
  ],
  ["a directory over a file", { sources: [inDebian("/d")], target: onHost("/file") }, "not a directory"],
])("%s is refused, and told", async (_, request, message) => {
  const places = new MemoryPlaces();
  await write(places.debian, "/d/f", "x");
  await write(places.host, "/file", "stays");
  const { failed, failures } = await copy(places, request);
  expect([failed, failures[0]?.message]).toEqual([1, message]);
  expect(await paths(places.host)).toEqual(["/file"]);
  expect(await read(places.host, "/file")).toBe("stays");
});

test.each<[string, Partial<CopyRequest>, string]>([
  [
    "a file to itself",
    { sources: [inDebian("/d/f")], target: inDebian("/d/../d/f") },
    "'/d/f' cannot be copied to itself",
  ],
  [
    "a tree into itself",
    { sources: [inDebian("/d")], target: inDebian("/d/sub") },
    "'/d' cannot be copied into itself",
  ],
  [
    "a tree into its own directory",
    { sources: [inDebian("/d")], target: inDebian("/") },
    "'/d' cannot be copied to itself",
  ],
  [
    "everything into a part of it",
    { sources: [inDebian("/")], target: inDebian("/d/sub") },
    "'/' cannot be copied into itself",
  ],
  [
    "several to what is no directory",
    { sources: [inDebian("/d/f"), inDebian("/d/g")], target: inDebian("/new") },
    "debian:/new: not a directory",
  ],
  [
    "to a directory that is missing",
    { sources: [inDebian("/d/f")], target: onHost("/none/f") },
    "/none/f: no such file or directory",
  ],
])("%s is refused before anything is done", async (_, request, message) => {
  const places = new MemoryPlaces();
  await write(places.debian, "/d/f", "x");
  await makeDirectories(places.debian, "/d/sub");
  const before = await paths(places.debian);
  await expect(copy(places, request)).rejects.toThrow(message);
  expect(places.opened).toBe(0);
  expect(await paths(places.debian)).toEqual(before);
});

test("what cannot be copied is left out and told; the rest is copied", async () => {
  const places = new MemoryPlaces();
  await write(places.debian, "/d/good", "good");
  await write(places.debian, "/d/taken", "a file");
  await makeDirectories(places.host, "/c/d/taken");
  const copied = await copy(places, { sources: [inDebian("/d")], target: onHost("/c") });
  expect(copied).toMatchObject({
    files: 1,
    failed: 1,
    failures: [{ path: "debian:/d/taken", code: "invalid-argument", message: "is a directory" }],
  });
  expect(await paths(places.host)).toEqual(["/c", "/c/d", "/c/d/good", "/c/d/taken"]);
});

test("cancelling leaves no half file, and no other name of one", async () => {
  const places = new MemoryPlaces();
  await write(places.debian, "/d/large", Buffer.alloc(20_000_000, "x"));
  const cancel = new AbortController();
  const call = {
    signal: cancel.signal,
    report: () => cancel.abort(new TswslError("cancelled", "enough")),
  };
  const copying = copyFiles(
    { sources: [inDebian("/d")], target: onHost("/c"), recursive: true },
    places,
    call,
  );
  await expect(copying).rejects.toThrow("enough");
  expect(await paths(places.host)).toEqual(["/c"]);
});

test("a file system that is gone ends the copy with its reason", async () => {
  const places = new MemoryPlaces();
  await write(places.debian, "/d/large", Buffer.alloc(20_000_000, "x"));
  const call = { ...quietCall(), report: () => places.lost.abort(new TswslError("disconnected", "it died")) };
  await expect(
    copyFiles({ sources: [inDebian("/d")], target: onHost("/c"), recursive: true }, places, call),
  ).rejects.toThrow("it died");
});
