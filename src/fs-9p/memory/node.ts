import { FileError } from "../errors/file-error.ts";
import type {
  AttributeChanges,
  Attributes,
  CreatedFile,
  CreateOptions,
  FileNode,
  FileSystemStatistics,
  Qid,
} from "../file-system.ts";
import { O_ACCMODE, O_DIRECTORY, O_EXCL, O_TRUNC, S_IFDIR, S_IFLNK, S_IFMT, S_IFREG } from "../linux.ts";
import type { Inode, InodeOptions, Link } from "./inode.ts";
import { MemoryFile } from "./open-file.ts";
import type { Tree } from "./tree.ts";
import { getXattr, listXattrs, removeXattr, setXattr } from "./xattrs.ts";

/** A node of the memory file system: a link, for one user. */
export class MemoryNode implements FileNode {
  readonly #tree: Tree;
  readonly #link: Link;
  readonly #uid: number;

  constructor(tree: Tree, link: Link, uid: number) {
    this.#tree = tree;
    this.#link = link;
    this.#uid = uid;
  }

  get qid(): Qid {
    return this.#inode.qid;
  }

  get #inode(): Inode {
    return this.#link.inode;
  }

  walk(name: string): FileNode {
    return this.#at(this.#tree.child(this.#inode, name));
  }

  parent(): FileNode {
    const directory = this.#link.directory;
    return this.#at(directory?.link ?? this.#link);
  }

  getattr(): Attributes {
    return this.#inode.attributes();
  }

  setattr(changes: AttributeChanges): void {
    this.#inode.change(changes);
  }

  open(flags: number): MemoryFile {
    const inode = this.#inode;
    const type = inode.mode & S_IFMT;
    if (type === S_IFLNK) throw new FileError("ELOOP");
    if (type === S_IFDIR && (flags & O_ACCMODE) !== 0) throw new FileError("EISDIR");
    if (type !== S_IFDIR && (flags & O_DIRECTORY) !== 0) throw new FileError("ENOTDIR");
    if (type !== S_IFDIR && type !== S_IFREG) throw new FileError("ENXIO");
    if ((flags & O_TRUNC) !== 0) inode.change({ size: 0 });
    return new MemoryFile(this.#tree, inode, flags);
  }

  create(name: string, flags: number, options: CreateOptions): CreatedFile {
    const existing = this.#tree.find(this.#inode, name);
    if (existing) {
      if ((flags & O_EXCL) !== 0) throw new FileError("EEXIST");
      const node = this.#at(existing);
      return { node, file: node.open(flags) };
    }
    const node = this.#at(this.#tree.add(this.#inode, name, this.#options(S_IFREG, options)));
    return { node, file: node.open(flags) };
  }

  mkdir(name: string, options: CreateOptions): Qid {
    return this.#tree.add(this.#inode, name, this.#options(S_IFDIR, options)).inode.qid;
  }

  symlink(name: string, target: string, { gid }: { readonly gid: number }): Qid {
    const { inode } = this.#tree.add(this.#inode, name, this.#options(S_IFLNK, { mode: 0o777, gid }));
    inode.target = target;
    return inode.qid;
  }

  mknod(name: string, device: number, options: CreateOptions): Qid {
    const type = options.mode & S_IFMT || S_IFREG;
    if (type === S_IFDIR || type === S_IFLNK) throw new FileError("EINVAL");
    return this.#tree.add(this.#inode, name, { ...this.#options(type, options), device }).inode.qid;
  }

  link(name: string, target: FileNode): void {
    this.#tree.link(this.#inode, name, this.#ours(target).#inode);
  }

  readlink(): string {
    if ((this.#inode.mode & S_IFMT) !== S_IFLNK) throw new FileError("EINVAL");
    return this.#inode.target;
  }

  rename(name: string, directory: FileNode, newName: string): void {
    this.#tree.rename(this.#tree.child(this.#inode, name), this.#ours(directory).#inode, newName);
  }

  moveTo(directory: FileNode, newName: string): void {
    this.#tree.rename(this.#link, this.#ours(directory).#inode, newName);
  }

  unlink(name: string, directory: boolean): void {
    const link = this.#tree.child(this.#inode, name);
    if (directory && !link.inode.isDirectory) throw new FileError("ENOTDIR");
    if (!directory && link.inode.isDirectory) throw new FileError("EISDIR");
    this.#tree.remove(link);
  }

  remove(): void {
    this.#tree.remove(this.#link);
  }

  statfs(): FileSystemStatistics {
    return this.#tree.statistics();
  }

  getxattr(name: string): Uint8Array {
    return getXattr(this.#inode, name);
  }

  listxattr(): Uint8Array {
    return listXattrs(this.#inode);
  }

  setxattr(name: string, value: Uint8Array, flags: number): void {
    setXattr(this.#inode, name, { value, flags });
  }

  removexattr(name: string): void {
    removeXattr(this.#inode, name);
  }

  close(): void {
    // Nothing is held: an inode lives as long as something refers to it.
  }

  #at(link: Link): MemoryNode {
    return new MemoryNode(this.#tree, link, this.#uid);
  }

  #options(type: number, { mode, gid }: CreateOptions): InodeOptions {
    return { mode: type | (mode & 0o7777), uid: this.#uid, gid };
  }

  #ours(node: FileNode): MemoryNode {
    if (!(node instanceof MemoryNode) || node.#tree !== this.#tree) throw new FileError("EXDEV");
    return node;
  }
}
