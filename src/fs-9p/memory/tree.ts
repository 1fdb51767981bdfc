import { FileError } from "../errors/file-error.ts";
import type { FileSystemStatistics } from "../file-system.ts";
import { NAME_MAX, S_IFDIR } from "../linux.ts";
import { LockTable } from "../locks.ts";
import { Inode, type InodeOptions, type Link } from "./inode.ts";

/** V9FS_MAGIC of linux/magic.h. */
const V9FS_MAGIC = 0x0102_1997;
const BLOCK_BYTES = 4096;
/** Told to whoever asks; what really limits is the memory of the process. */
const BLOCKS = 262_144;

/** The tree of the memory file system: what names there are, and the rules for changing them. */
export class Tree {
  readonly locks = new LockTable();
  readonly root: Link;
  #lastNumber = 0;

  constructor(owner: { readonly uid: number; readonly gid: number }) {
    this.root = this.#makeLink(undefined, "", { mode: S_IFDIR | 0o755, ...owner });
  }

  find(directory: Inode, name: string): Link | undefined {
    if (!directory.isDirectory) throw new FileError("ENOTDIR");
    return directory.children.get(name);
  }

  child(directory: Inode, name: string): Link {
    const link = this.find(directory, name);
    if (!link) throw new FileError("ENOENT");
    return link;
  }

  add(directory: Inode, name: string, options: InodeOptions): Link {
    this.#checkFree(directory, name);
    const link = this.#makeLink(directory, name, options);
    this.#insert(directory, link);
    return link;
  }

  link(directory: Inode, name: string, inode: Inode): void {
    if (inode.isDirectory) throw new FileError("EPERM");
    if (inode.links === 0) throw new FileError("ENOENT");
    this.#checkFree(directory, name);
    this.#insert(directory, { inode, directory, name });
    inode.links += 1;
    inode.changed = directory.changed;
  }

  remove(link: Link): void {
    const { directory, inode } = link;
    if (link === this.root) throw new FileError("EBUSY");
    if (!directory) throw new FileError("ENOENT");
    if (inode.children.size > 0) throw new FileError("ENOTEMPTY");
    this.#detach(link);
    if (inode.isDirectory) inode.links = 0;
    else inode.links -= 1;
    inode.changed = directory.changed;
  }

  /** rename(2), in all its cases. */
  rename(link: Link, directory: Inode, newName: string): void {
    if (link === this.root) throw new FileError("EBUSY");
    if (!link.directory) throw new FileError("ENOENT");
    const replaced = this.find(directory, newName);
    if (directory.links === 0) throw new FileError("ENOENT");
    if (replaced?.inode === link.inode) return;
    if (link.inode.isDirectory && isWithin(directory, link.inode)) throw new FileError("EINVAL");
    if (replaced) {
      if (link.inode.isDirectory && !replaced.inode.isDirectory) throw new FileError("ENOTDIR");
      if (!link.inode.isDirectory && replaced.inode.isDirectory) throw new FileError("EISDIR");
      this.remove(replaced);
    }
    this.#detach(link);
    link.name = newName;
    this.#insert(directory, link);
  }

  statistics(): FileSystemStatistics {
    return {
      type: V9FS_MAGIC,
      blockSize: BLOCK_BYTES,
      blocks: BLOCKS,
      freeBlocks: BLOCKS,
      availableBlocks: BLOCKS,
      files: BLOCKS,
      freeFiles: BLOCKS,
      id: 0,
      nameLength: NAME_MAX,
    };
  }

  #checkFree(directory: Inode, name: string): void {
    if (this.find(directory, name)) throw new FileError("EEXIST");
    if (directory.links === 0) throw new FileError("ENOENT");
  }

  #makeLink(directory: Inode | undefined, name: string, options: InodeOptions): Link {
    this.#lastNumber += 1;
    const inode = new Inode(this.#lastNumber, options);
    const link: Link = { inode, directory, name };
    if (inode.isDirectory) inode.link = link;
    return link;
  }

  #insert(directory: Inode, link: Link): void {
    link.directory = directory;
    directory.children.set(link.name, link);
    if (link.inode.isDirectory) directory.links += 1;
    directory.touch();
  }

  #detach(link: Link): void {
    const { directory } = link;
    if (!directory) return;
    directory.children.delete(link.name);
    if (link.inode.isDirectory) directory.links -= 1;
    link.directory = undefined;
    directory.touch();
  }
}

function isWithin(directory: Inode, ancestor: Inode): boolean {
  for (let at: Inode | undefined = directory; at; at = at.link?.directory) if (at === ancestor) return true;
  return false;
}
