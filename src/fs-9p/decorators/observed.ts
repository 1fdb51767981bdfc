import { attempt, chain, ensure } from "../awaitable.ts";
import type {
  AttributeChanges,
  Awaitable,
  CreatedFile,
  CreateOptions,
  FileNode,
  FileSystem,
  OpenFile,
  Qid,
} from "../file-system.ts";
import { O_TRUNC } from "../linux.ts";
import { ForwardingFile, ForwardingNode } from "./forwarding.ts";

/** Hears what the clients of a file system come to, and what they change. Directories and files are qid paths. */
export interface Observer {
  /** This file has this name in this directory: it was walked to, made or moved there. */
  found(directory: number, name: string, file: Qid): void;
  /** A client is about to move or to remove what this name stands for. */
  leaving(directory: number, name: string): void;
  /** A client has changed, or tried to change, what this name stands for. */
  changed(directory: number, name: string): void;
  /** A client has changed, or tried to change, the content or the attributes of this file. */
  touched(file: number): void;
}

/** The same file system, of which the observer is told. */
export function observed(fileSystem: FileSystem, observer: Observer): FileSystem {
  return {
    attach: (request) => chain(fileSystem.attach(request), (node) => new ObservedNode(node, observer)),
  };
}

class ObservedNode extends ForwardingNode {
  readonly #observer: Observer;

  constructor(inner: FileNode, observer: Observer) {
    super(inner);
    this.#observer = observer;
  }

  protected override wrap(inner: FileNode): FileNode {
    return new ObservedNode(inner, this.#observer);
  }

  protected override wrapFile(inner: OpenFile): OpenFile {
    return new ObservedFile(inner, this.#observer);
  }

  override walk(name: string): Awaitable<FileNode> {
    return chain(this.inner.walk(name), (node) => {
      this.#observer.found(this.qid.path, name, node.qid);
      return new ObservedNode(node, this.#observer);
    });
  }

  override setattr(changes: AttributeChanges): Awaitable<void> {
    return this.#touching(() => super.setattr(changes));
  }

  override open(flags: number): Awaitable<OpenFile> {
    const open = (): Awaitable<OpenFile> => super.open(flags);
    return (flags & O_TRUNC) === 0 ? open() : this.#touching(open);
  }

  override create(name: string, flags: number, options: CreateOptions): Awaitable<CreatedFile> {
    return this.#changing(name, () =>
      chain(super.create(name, flags, options), (created) => {
        this.#observer.found(this.qid.path, name, created.node.qid);
        return created;
      }),
    );
  }

  override mkdir(name: string, options: CreateOptions): Awaitable<Qid> {
    return this.#making(name, () => super.mkdir(name, options));
  }

  override symlink(name: string, target: string, options: { readonly gid: number }): Awaitable<Qid> {
    return this.#making(name, () => super.symlink(name, target, options));
  }

  override mknod(name: string, device: number, options: CreateOptions): Awaitable<Qid> {
    return this.#making(name, () => super.mknod(name, device, options));
  }

  override link(name: string, target: FileNode): Awaitable<void> {
    return this.#changing(name, () => super.link(name, target));
  }

  override rename(name: string, directory: FileNode, newName: string): Awaitable<void> {
    this.#observer.leaving(this.qid.path, name);
    return this.#changing(name, () => {
      const renamed = super.rename(name, directory, newName);
      return chain(renamed, () => this.#findMoved(directory, newName));
    });
  }

  override moveTo(directory: FileNode, newName: string): Awaitable<void> {
    // By its old name it is not found any more.
    this.#observer.touched(this.qid.path);
    return chain(super.moveTo(directory, newName), () => {
      this.#observer.found(directory.qid.path, newName, this.qid);
      this.#observer.changed(directory.qid.path, newName);
    });
  }

  override unlink(name: string, directory: boolean): Awaitable<void> {
    if (directory) this.#observer.leaving(this.qid.path, name);
    return this.#changing(name, () => super.unlink(name, directory));
  }

  override remove(): Awaitable<void> {
    return this.#touching(() => super.remove());
  }

  /** Which file it is, nobody has said: it is walked to, and so found. */
  #findMoved(directory: FileNode, name: string): Awaitable<void> {
    this.#observer.changed(directory.qid.path, name);
    return attempt(
      () => chain(directory.walk(name), (node) => node.close()),
      () => undefined,
    );
  }

  #making(name: string, make: () => Awaitable<Qid>): Awaitable<Qid> {
    return this.#changing(name, () =>
      chain(make(), (qid) => {
        this.#observer.found(this.qid.path, name, qid);
        return qid;
      }),
    );
  }

  #changing<T>(name: string, work: () => Awaitable<T>): Awaitable<T> {
    return ensure(work, () => this.#observer.changed(this.qid.path, name));
  }

  #touching<T>(work: () => Awaitable<T>): Awaitable<T> {
    return ensure(work, () => this.#observer.touched(this.qid.path));
  }
}

class ObservedFile extends ForwardingFile {
  readonly #observer: Observer;

  constructor(inner: OpenFile, observer: Observer) {
    super(inner);
    this.#observer = observer;
  }

  override write(from: Uint8Array, offset: number): Awaitable<number> {
    return ensure(
      () => this.inner.write(from, offset),
      () => this.#observer.touched(this.qid.path),
    );
  }

  override setattr(changes: AttributeChanges): Awaitable<void> {
    return ensure(
      () => this.inner.setattr(changes),
      () => this.#observer.touched(this.qid.path),
    );
  }
}
