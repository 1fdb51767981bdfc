import { FileError } from "../errors/file-error.ts";
import type { AttributeChanges, Attributes, DirectoryEntry, OpenFile, Qid } from "../file-system.ts";
import { directoryTypeOf, O_ACCMODE, O_APPEND, O_WRONLY } from "../linux.ts";
import type { LockRequest, LockStatus } from "../locks.ts";
import type { Inode } from "./inode.ts";
import type { Tree } from "./tree.ts";

/** An open file or directory of the memory file system. */
export class MemoryFile implements OpenFile {
  readonly #tree: Tree;
  readonly #inode: Inode;
  readonly #flags: number;
  #names: readonly string[] = [];

  constructor(tree: Tree, inode: Inode, flags: number) {
    this.#tree = tree;
    this.#inode = inode;
    this.#flags = flags;
  }

  get qid(): Qid {
    return this.#inode.qid;
  }

  read(into: Uint8Array, offset: number): number {
    if (this.#inode.isDirectory) throw new FileError("EISDIR");
    if ((this.#flags & O_ACCMODE) === O_WRONLY) throw new FileError("EBADF");
    return this.#inode.content.read(into, offset);
  }

  write(from: Uint8Array, offset: number): number {
    if ((this.#flags & O_ACCMODE) === 0) throw new FileError("EBADF");
    const { content } = this.#inode;
    content.write(from, (this.#flags & O_APPEND) === 0 ? offset : content.length);
    this.#inode.touch();
    return from.length;
  }

  /** A list of the names is taken at the start and read to its end, so that offsets stay true while entries come and go. */
  readdir(offset: number, count: number): readonly DirectoryEntry[] {
    if (!this.#inode.isDirectory) throw new FileError("ENOTDIR");
    if (offset === 0) this.#names = [...this.#inode.children.keys()];
    const entries: DirectoryEntry[] = [];
    for (let at = offset; at < this.#names.length && entries.length < count; at += 1) {
      const link = this.#inode.children.get(this.#names[at] ?? "");
      if (!link) continue;
      const { name, inode } = link;
      entries.push({ name, qid: inode.qid, type: directoryTypeOf(inode.mode), offset: at + 1 });
    }
    return entries;
  }

  getattr(): Attributes {
    return this.#inode.attributes();
  }

  setattr(changes: AttributeChanges): void {
    this.#inode.change(changes);
  }

  fsync(): void {
    // There is nothing more durable than the memory it is in.
  }

  lock(request: LockRequest): LockStatus {
    return this.#tree.locks.set(this.#inode.number, this, request);
  }

  getlock(request: LockRequest): LockRequest {
    return this.#tree.locks.test(this.#inode.number, this, request);
  }

  close(): void {
    this.#tree.locks.release(this.#inode.number, this);
  }
}
