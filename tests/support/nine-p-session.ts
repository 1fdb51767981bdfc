import { expect } from "vitest";
import { type FileNode, MemoryFileSystem } from "../../src/fs-9p/index.ts";
import { type RawPeer, served } from "./nine-p.ts";

export const NO_FID = 0xffff_ffff;
export const errno = {
  ENOENT: 2,
  EBADF: 9,
  EBUSY: 16,
  EINVAL: 22,
  EMFILE: 24,
  EPROTO: 71,
  EMSGSIZE: 90,
  EOPNOTSUPP: 95,
};

/** The answer that is this error. */
export const refusal = (code: keyof typeof errno): object => ({ name: "Rlerror", ecode: errno[code] });

/** /dir/sub/file with "hello" in it. */
export function sample(): MemoryFileSystem {
  const fileSystem = new MemoryFileSystem();
  const root: FileNode = fileSystem.attach({ user: "", uid: 0, path: "" });
  const options = { mode: 0o755, gid: 0 };
  void root.mkdir("dir", options);
  // The memory file system is synchronous.
  const dir = root.walk("dir") as FileNode;
  void dir.mkdir("sub", options);
  const sub = dir.walk("sub") as FileNode;
  const created = sub.create("file", 2, options);
  if (!(created instanceof Promise)) void created.file.write(Buffer.from("hello"), 0);
  return fileSystem;
}

/** Walks from the root, which must succeed. */
export async function walk(peer: RawPeer, newfid: number, ...names: string[]): Promise<void> {
  expect(await peer.ask("Twalk", { fid: 0, newfid, names })).toMatchObject({ name: "Rwalk" });
}

/** A server and a client that has greeted it and attached as fid 0. */
export async function greeted(fileSystem = sample(), options = {}): Promise<ReturnType<typeof served>> {
  const both = served(fileSystem, options);
  await both.peer.greet();
  return both;
}
