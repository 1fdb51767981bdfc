import type { Progress } from "../../../../src/protocol/daemon.ts";
import { MemoryFileSystem } from "../../../../src/fs-9p/memory/file-system.ts";
import type { FileNode } from "../../../../src/fs-9p/file-system.ts";
import { O_EXCL, O_WRONLY } from "../../../../src/fs-9p/linux.ts";
import { nameFromText } from "../../../../src/fs-9p/names.ts";
import { locate } from "../../../../src/distro/files/locate.ts";
import { readFile } from "../../../../src/distro/files/read-file.ts";
import type { OpenCall, OpenPlace, Places } from "../../../../src/distro/files/open-place.ts";
import type { FilePlace } from "../../../../src/protocol/files.ts";

/** A host and a distro `debian` whose files are in memory; /home/me is the home directory in both. */
export class MemoryPlaces implements Places {
  readonly host: FileNode;
  readonly debian: FileNode;
  readonly lost = new AbortController();
  keepOwner = true;
  opened = 0;

  constructor() {
    this.host = root();
    this.debian = root();
  }

  async open(place: FilePlace): Promise<OpenPlace> {
    this.opened += 1;
    const inDistro = place.in === "distro";
    const path = place.path.startsWith("/") ? place.path : `/home/me/${place.path}`;
    return {
      key: place.in,
      root: inDistro ? this.debian : this.host,
      path: nameFromText(path),
      shown: nameFromText(inDistro ? `debian:${place.path}` : place.path),
      keepOwner: this.keepOwner,
      signal: this.lost.signal,
      release: () => {
        this.opened -= 1;
      },
    };
  }
}

function root(): FileNode {
  // A memory file system answers at once.
  return new MemoryFileSystem().attach({ user: "root", uid: 0, path: "" });
}

/** A call that nobody cancels, and what it was told. */
export function quietCall(): OpenCall & { readonly reports: Progress[] } {
  const reports: Progress[] = [];
  return { signal: new AbortController().signal, report: (progress) => reports.push(progress), reports };
}

export const onHost = (path: string): FilePlace => ({ in: "host", path });
export const inDebian = (path: string): FilePlace & { in: "distro" } => ({
  in: "distro",
  distro: "debian",
  path,
});

/** Makes directories on the way, and the file. */
export async function write(
  from: FileNode,
  path: string,
  content: string | Buffer,
  mode = 0o644,
): Promise<FileNode> {
  const names = nameFromText(path)
    .split("/")
    .filter((name) => name !== "");
  const last = names.pop() ?? "";
  const directory = await makeDirectories(from, names.join("/"));
  const { node, file } = await directory.create(last, O_WRONLY | O_EXCL, { mode, gid: 0 });
  await file.write(Buffer.from(content), 0);
  await file.close();
  return node;
}

export async function makeDirectories(from: FileNode, path: string): Promise<FileNode> {
  let directory = from;
  for (const name of path.split("/").filter((part) => part !== "")) {
    try {
      directory = await directory.walk(name);
    } catch {
      await directory.mkdir(name, { mode: 0o755, gid: 0 });
      directory = await directory.walk(name);
    }
  }
  return directory;
}

export async function nodeAt(from: FileNode, path: string): Promise<FileNode> {
  const { node } = await locate(from, path, false);
  if (node === undefined) throw new Error(`there is no ${path}`);
  return node;
}

export async function read(from: FileNode, path: string): Promise<string> {
  const file = await (await nodeAt(from, path)).open(0);
  const chunks: Uint8Array[] = [];
  for await (const chunk of readFile(file, 0, new AbortController().signal)) chunks.push(chunk);
  await file.close();
  return Buffer.concat(chunks).toString();
}

/** Every path below a directory, sorted. */
export async function paths(from: FileNode, path = ""): Promise<string[]> {
  const directory = await (await nodeAt(from, path)).open(0);
  const found: string[] = [];
  for (const { name, qid } of await directory.readdir(0, 1000)) {
    found.push(`${path}/${name}`);
    if ((qid.type & 0x80) !== 0) found.push(...(await paths(from, `${path}/${name}`)));
  }
  await directory.close();
  return found.toSorted();
}
