import { chain } from "../awaitable.ts";
import type {
  AttributeChanges,
  Attributes,
  Awaitable,
  CreatedFile,
  CreateOptions,
  DirectoryEntry,
  FileNode,
  FileSystemStatistics,
  OpenFile,
  Qid,
} from "../file-system.ts";
import type { LockRequest, LockStatus } from "../locks.ts";

/**
 * A node that passes everything on to another one, for a subclass to change some of it. {@link wrap} and {@link wrapFile}
 * make what it gives a subclass's again; a node given to it must be one too, and is unwrapped.
 */
export abstract class ForwardingNode implements FileNode {
  protected readonly inner: FileNode;

  constructor(inner: FileNode) {
    this.inner = inner;
  }

  protected abstract wrap(inner: FileNode): FileNode;
  protected abstract wrapFile(inner: OpenFile): OpenFile;

  get qid(): Qid {
    return this.inner.qid;
  }

  walk(name: string): Awaitable<FileNode> {
    return chain(this.inner.walk(name), (node) => this.wrap(node));
  }

  parent(): Awaitable<FileNode> {
    return chain(this.inner.parent(), (node) => this.wrap(node));
  }

  getattr(): Awaitable<Attributes> {
    return this.inner.getattr();
  }

  setattr(changes: AttributeChanges): Awaitable<void> {
    return this.inner.setattr(changes);
  }

  open(flags: number): Awaitable<OpenFile> {
    return chain(this.inner.open(flags), (file) => this.wrapFile(file));
  }

  create(name: string, flags: number, options: CreateOptions): Awaitable<CreatedFile> {
    return chain(this.inner.create(name, flags, options), ({ node, file }) => ({
      node: this.wrap(node),
      file: this.wrapFile(file),
    }));
  }

  mkdir(name: string, options: CreateOptions): Awaitable<Qid> {
    return this.inner.mkdir(name, options);
  }

  symlink(name: string, target: string, options: { readonly gid: number }): Awaitable<Qid> {
    return this.inner.symlink(name, target, options);
  }

  mknod(name: string, device: number, options: CreateOptions): Awaitable<Qid> {
    return this.inner.mknod(name, device, options);
  }

  link(name: string, target: FileNode): Awaitable<void> {
    return this.inner.link(name, innermost(target));
  }

  readlink(): Awaitable<string> {
    return this.inner.readlink();
  }

  rename(name: string, directory: FileNode, newName: string): Awaitable<void> {
    return this.inner.rename(name, innermost(directory), newName);
  }

  moveTo(directory: FileNode, newName: string): Awaitable<void> {
    return this.inner.moveTo(innermost(directory), newName);
  }

  unlink(name: string, directory: boolean): Awaitable<void> {
    return this.inner.unlink(name, directory);
  }

  remove(): Awaitable<void> {
    return this.inner.remove();
  }

  statfs(): Awaitable<FileSystemStatistics> {
    return this.inner.statfs();
  }

  getxattr(name: string): Awaitable<Uint8Array> {
    return this.inner.getxattr(name);
  }

  listxattr(): Awaitable<Uint8Array> {
    return this.inner.listxattr();
  }

  setxattr(name: string, value: Uint8Array, flags: number): Awaitable<void> {
    return this.inner.setxattr(name, value, flags);
  }

  removexattr(name: string): Awaitable<void> {
    return this.inner.removexattr(name);
  }

  close(): Awaitable<void> {
    return this.inner.close();
  }

  /** The node that a decorator has made of another, and so on to the last. */
  static unwrap(node: FileNode): FileNode {
    return node instanceof ForwardingNode ? node.inner : node;
  }
}

/** One layer off: each decorator passes on to the next, which does the same. */
function innermost(node: FileNode): FileNode {
  return ForwardingNode.unwrap(node);
}

/** As {@link ForwardingNode}, of an open file. */
export class ForwardingFile implements OpenFile {
  protected readonly inner: OpenFile;

  constructor(inner: OpenFile) {
    this.inner = inner;
  }

  get qid(): Qid {
    return this.inner.qid;
  }

  read(into: Uint8Array, offset: number): Awaitable<number> {
    return this.inner.read(into, offset);
  }

  write(from: Uint8Array, offset: number): Awaitable<number> {
    return this.inner.write(from, offset);
  }

  readdir(offset: number, count: number): Awaitable<readonly DirectoryEntry[]> {
    return this.inner.readdir(offset, count);
  }

  getattr(): Awaitable<Attributes> {
    return this.inner.getattr();
  }

  setattr(changes: AttributeChanges): Awaitable<void> {
    return this.inner.setattr(changes);
  }

  fsync(dataOnly: boolean): Awaitable<void> {
    return this.inner.fsync(dataOnly);
  }

  lock(request: LockRequest): Awaitable<LockStatus> {
    return this.inner.lock(request);
  }

  getlock(request: LockRequest): Awaitable<LockRequest> {
    return this.inner.getlock(request);
  }

  close(): Awaitable<void> {
    return this.inner.close();
  }
}
