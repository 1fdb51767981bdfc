import { FileError } from "../../../fs-9p/errors/file-error.ts";
import type { Attributes, DirectoryEntry, FileNode } from "../../../fs-9p/file-system.ts";
import {
  QidType,
  S_IFBLK,
  S_IFCHR,
  S_IFDIR,
  S_IFIFO,
  S_IFLNK,
  S_IFMT,
  S_IFREG,
  S_IFSOCK,
} from "../../../fs-9p/linux.ts";
import { TswslError } from "../../../base/errors.ts";
import { isErrno } from "../file-failure.ts";
import { readDirectory } from "../read-directory.ts";
import { copyAttributes, copyLinkAttributes } from "./attributes.ts";
import { copyFile, makeWhole } from "./copy-file.ts";
import type { CopyRun } from "./copy-run.ts";
import { HardLinks } from "./hard-links.ts";

/** Files of a directory that are copied side by side: more than the round trips of one small file keep waiting. */
const SIDE_BY_SIDE = 12;
/** Deeper than any tree that was made on purpose: what a guest may make without end. */
const MAX_DEPTH = 500;

/** One thing to copy: where it is, and the directory and name it is to have. */
export interface TreeCopy {
  readonly from: FileNode;
  /** For messages; a byte string. */
  readonly path: string;
  readonly directory: FileNode;
  readonly name: string;
}

interface Item extends TreeCopy {
  readonly attributes: Attributes;
  /** From the root of this copy. */
  readonly names: readonly string[];
}

/**
 * Copies a file, or a directory with all that is in it, into a directory of another (or the same) file system. Directories
 * that are there already are merged into and keep their attributes; anything else that has the name is replaced.
 */
export class TreeCopier {
  readonly #run: CopyRun;
  readonly #recursive: boolean;
  readonly #links = new HardLinks();
  /** Where {@link Item.names} begin. */
  #root: FileNode | undefined;

  constructor(run: CopyRun, recursive: boolean) {
    this.#run = run;
    this.#recursive = recursive;
  }

  async copy({ from, path, directory, name }: TreeCopy): Promise<void> {
    this.#root = directory;
    await this.#run.attempt(path, async () => {
      const attributes = await from.getattr();
      await this.#copyItem({ from, path, directory, name, attributes, names: [name] });
    });
  }

  /** The entries of a directory into one that is there. */
  async copyInto(from: FileNode, path: string, directory: FileNode): Promise<void> {
    this.#root = directory;
    await this.#run.attempt(path, async () => {
      const entries = await readDirectory(from, this.#run.signal);
      await this.#copyEntries(entries, { from, path, directory, names: [] });
    });
  }

  async #copyItem(item: Item): Promise<void> {
    switch (item.attributes.mode & S_IFMT) {
      case S_IFDIR:
        return this.#copyDirectory(item);
      case S_IFREG:
        return item.attributes.links > 1 ? this.#copyLinked(item) : this.#copyFile(item);
      case S_IFLNK:
        return this.#copySymlink(item);
      case S_IFIFO:
      case S_IFCHR:
      case S_IFBLK:
        return this.#copySpecial(item);
      case S_IFSOCK:
        return this.#run.warn(item.path, "a socket, which is left out");
      default:
        throw new FileError("EINVAL");
    }
  }

  async #copyDirectory(item: Item): Promise<void> {
    const { from, path, directory, name, attributes, names } = item;
    if (!this.#recursive) throw isDirectory();
    if (names.length > MAX_DEPTH) throw new FileError("ELOOP");
    const entries = await readDirectory(from, this.#run.signal);
    const made = await makeDirectory(directory, name, attributes.gid);
    const target = await directory.walk(name);
    try {
      if ((target.qid.type & QidType.directory) === 0) throw new FileError("ENOTDIR");
      if (made) this.#run.directories += 1;
      await this.#copyEntries(entries, { from, path, directory: target, names });
      // Last: what is made in it changes its time, and it may be for nobody to write.
      if (made) await copyAttributes(target, attributes, this.#run);
    } finally {
      await target.close();
    }
  }

  /** Files side by side, then one directory after the other: what is open is bounded by the depth. */
  async #copyEntries(
    entries: readonly DirectoryEntry[],
    into: Omit<Item, "attributes" | "name">,
  ): Promise<void> {
    const isDirectory = ({ qid }: DirectoryEntry): boolean => (qid.type & QidType.directory) !== 0;
    const files = entries.filter((entry) => !isDirectory(entry)).values();
    const work = async (): Promise<void> => {
      for (const { name } of files) await this.#copyEntry(name, into);
    };
    const outcomes = await Promise.allSettled(Array.from({ length: SIDE_BY_SIDE }, work));
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
    for (const { name } of entries.filter(isDirectory)) await this.#copyEntry(name, into);
  }

  async #copyEntry(name: string, into: Omit<Item, "attributes" | "name">): Promise<void> {
    const path = `${into.path === "/" ? "" : into.path}/${name}`;
    await this.#run.attempt(path, async () => {
      const from = await into.from.walk(name);
      try {
        const attributes = await from.getattr();
        await this.#copyItem({ ...into, from, path, name, attributes, names: [...into.names, name] });
      } finally {
        await from.close();
      }
    });
  }

  async #copyFile(item: Item): Promise<void> {
    await copyFile(item, this.#run);
    this.#run.files += 1;
  }

  /** A further name for what has been copied; where that is not possible, a copy of its own. */
  async #copyLinked(item: Item): Promise<void> {
    const first = await this.#links.first(item.attributes, item.names, () => this.#copyFile(item));
    if (first === item.names) return;
    const node = first && (await this.#walk(first));
    try {
      if (node === undefined) return await this.#copyFile(item);
      await makeWhole(item.directory, item.name, async (partial) => item.directory.link(partial, node));
      this.#run.others += 1;
    } catch (error) {
      if (!isErrno(error, "EPERM", "EXDEV", "EMLINK", "EOPNOTSUPP", "EACCES")) throw error;
      await this.#copyFile(item);
    } finally {
      await node?.close();
    }
  }

  async #copySymlink({ from, directory, name, attributes }: Item): Promise<void> {
    const target = await from.readlink();
    await makeWhole(directory, name, async (partial) => {
      await directory.symlink(partial, target, { gid: attributes.gid });
      await atNode(directory, partial, (node) => copyLinkAttributes(node, attributes, this.#run));
    });
    this.#run.others += 1;
  }

  async #copySpecial({ directory, name, attributes }: Item): Promise<void> {
    const { mode, gid, device } = attributes;
    await makeWhole(directory, name, async (partial) => {
      await directory.mknod(partial, device, { mode, gid });
      await atNode(directory, partial, (node) => copyAttributes(node, attributes, this.#run));
    });
    this.#run.others += 1;
  }

  /** What this copy has made, by its names; undefined when it is gone. */
  async #walk(names: readonly string[]): Promise<FileNode | undefined> {
    let node: FileNode | undefined;
    for (const name of names) {
      const previous: FileNode | undefined = node ?? this.#root;
      try {
        node = await previous?.walk(name);
      } catch (error) {
        node = undefined;
        if (!isErrno(error, "ENOENT", "ENOTDIR")) throw error;
      } finally {
        if (previous !== this.#root) await previous?.close();
      }
      if (node === undefined) return undefined;
    }
    return node;
  }
}

function isDirectory(): TswslError {
  return new TswslError("invalid-argument", "is a directory, which is copied only with -r");
}

/** False when it is there already. */
async function makeDirectory(directory: FileNode, name: string, gid: number): Promise<boolean> {
  try {
    await directory.mkdir(name, { mode: 0o700, gid });
    return true;
  } catch (error) {
    if (isErrno(error, "EEXIST")) return false;
    throw error;
  }
}

async function atNode(
  directory: FileNode,
  name: string,
  work: (node: FileNode) => Promise<void>,
): Promise<void> {
  const node = await directory.walk(name);
  try {
    await work(node);
  } finally {
    await node.close();
  }
}
