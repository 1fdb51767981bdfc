import { FileError } from "../errors/file-error.ts";
import type {
  AttributeChanges,
  Attributes,
  Awaitable,
  CreatedFile,
  CreateOptions,
  FileNode,
  FileSystemStatistics,
  OpenFile,
  Qid,
} from "../file-system.ts";
import { O_ACCMODE, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_TRUNC, QidType, S_IFMT, S_IFREG } from "../linux.ts";
import { allowedMode } from "./allowed-mode.ts";
import { changeDirectory, changeNamed, changeNameless } from "./change.ts";
import { usingCopy } from "./directory-handles.ts";
import type { HostFile, NewFile } from "./host-directory.ts";
import { HostOpenDirectory } from "./open-directory.ts";
import { HostOpenFile } from "./open-file.ts";
import type { Place } from "./place.ts";
import type { Volume } from "./volume.ts";

/** A node of the host disk: a place, and what was found there. */
export class HostNode implements FileNode {
  readonly #volume: Volume;
  readonly #place: Place;
  readonly #uid: number;
  #qid: Qid;

  /** Takes over the caller's use of the place. `uid` is the client's user's. */
  constructor(volume: Volume, place: Place, { qid, uid }: { readonly qid: Qid; readonly uid: number }) {
    this.#volume = volume;
    this.#place = place;
    this.#qid = qid;
    this.#uid = uid;
  }

  get qid(): Qid {
    return this.#qid;
  }

  walk(name: string): FileNode {
    if (!this.#isDirectory) throw new FileError("ENOTDIR");
    // The one request by which a client comes to ever more directories.
    this.#volume.handles.trim();
    const attributes = this.#volume.find(this.#place, name);
    if (!attributes) throw new FileError("ENOENT");
    return this.#node(this.#place.child(name), attributes.qid);
  }

  parent(): FileNode {
    const place = this.#place.parent ?? this.#place;
    const { qid } = this.#volume.attributesOfDirectory(place.directory());
    return this.#node(place.use(), qid);
  }

  getattr(): Attributes {
    const attributes = this.#volume.attributesOf(this.#place);
    this.#qid = attributes.qid;
    return attributes;
  }

  setattr(changes: AttributeChanges): void {
    this.#volume.changing();
    const { handle, nameless } = this.#place;
    if (handle) return changeDirectory(handle, changes);
    if (nameless) return changeNameless(nameless, changes);
    const { parent, name } = this.#place.named();
    changeNamed(parent.directory(), name, changes);
  }

  open(flags: number): OpenFile {
    if (this.#isDirectory) {
      if ((flags & O_ACCMODE) !== 0) throw new FileError("EISDIR");
      this.#place.directory();
      return new HostOpenDirectory(this.#volume, this.#place.use());
    }
    if ((flags & O_DIRECTORY) !== 0) throw new FileError("ENOTDIR");
    if ((flags & O_TRUNC) !== 0) this.#volume.changing();
    return new HostOpenFile(this.#volume, this.#place, { file: this.#opened(flags), flags });
  }

  create(name: string, flags: number, options: CreateOptions): CreatedFile {
    this.#volume.changing();
    const directory = this.#place.directory();
    const openFlags = flags & ~(O_EXCL | O_NOFOLLOW);
    let opened: HostFile;
    try {
      opened = directory.create(name, openFlags, this.#new(options));
    } catch (error) {
      const taken = error instanceof FileError && error.code === "EEXIST";
      if (!taken || (flags & O_EXCL) !== 0) throw error;
      opened = directory.open(name, openFlags);
    }
    const place = this.#place.child(name);
    const file = new HostOpenFile(this.#volume, place, { file: opened, flags });
    return { node: this.#node(place, file.qid), file };
  }

  mkdir(name: string, { mode, gid }: CreateOptions): Qid {
    this.#volume.changing();
    this.#place.directory().mkdir(name, { mode, uid: this.#uid, gid });
    return this.#made(name);
  }

  symlink(name: string, target: string, { gid }: { readonly gid: number }): Qid {
    this.#volume.changing();
    this.#place.directory().symlink(name, target, { mode: 0o777, uid: this.#uid, gid });
    return this.#made(name);
  }

  /** Regular files, and what the host's directories make: named pipes everywhere. */
  mknod(name: string, _device: number, { mode, gid }: CreateOptions): Awaitable<Qid> {
    this.#volume.changing();
    const type = mode & S_IFMT || S_IFREG;
    const directory = this.#place.directory();
    if (type === S_IFREG) {
      directory.create(name, 0, this.#new({ mode: mode & 0o7777, gid })).close();
      return this.#made(name);
    }
    return usingCopy(directory, async (copy) => {
      await copy.mknod(name, type, { mode: mode & 0o777, uid: this.#uid, gid });
      return this.#made(name);
    });
  }

  link(name: string, target: FileNode): void {
    this.#volume.changing();
    const from = this.#ours(target).#place.named();
    from.parent.directory().link(from.name, this.#place.directory(), name);
  }

  readlink(): string {
    if ((this.#qid.type & QidType.symlink) === 0) throw new FileError("EINVAL");
    const { parent, name } = this.#place.named();
    return parent.directory().readlink(name);
  }

  rename(name: string, directory: FileNode, newName: string): void {
    rename(
      this.#volume,
      { directory: this.#place, name },
      { directory: this.#ours(directory).#place, name: newName },
    );
  }

  moveTo(directory: FileNode, newName: string): void {
    const { parent, name } = this.#place.named();
    rename(
      this.#volume,
      { directory: parent, name },
      { directory: this.#ours(directory).#place, name: newName },
    );
  }

  unlink(name: string, directory: boolean): void {
    unlink(this.#volume, { directory: this.#place, name }, directory);
  }

  remove(): void {
    const { parent, name } = this.#place.named();
    unlink(this.#volume, { directory: parent, name }, this.#isDirectory);
  }

  statfs(): FileSystemStatistics {
    const { handle } = this.#place;
    return (handle ?? this.#place.named().parent.directory()).statfs();
  }

  /** Node has no extended attributes. */
  getxattr(): never {
    throw new FileError("EOPNOTSUPP");
  }

  listxattr(): never {
    throw new FileError("EOPNOTSUPP");
  }

  setxattr(): never {
    throw new FileError("EOPNOTSUPP");
  }

  removexattr(): never {
    throw new FileError("EOPNOTSUPP");
  }

  close(): void {
    this.#place.release();
  }

  #opened(flags: number): HostFile {
    const { nameless } = this.#place;
    if (nameless) return nameless.reopen(flags);
    const { parent, name } = this.#place.named();
    return parent.directory().open(name, flags);
  }

  #node(place: Place, qid: Qid): HostNode {
    return new HostNode(this.#volume, place, { qid, uid: this.#uid });
  }

  #new({ mode, gid }: CreateOptions): NewFile {
    return { mode: allowedMode(mode), uid: this.#uid, gid };
  }

  get #isDirectory(): boolean {
    return (this.#qid.type & QidType.directory) !== 0;
  }

  #made(name: string): Qid {
    const made = this.#volume.look(this.#place, name);
    // Another program has been quick.
    if (!made) throw new FileError("ENOENT");
    return made.qid;
  }

  #ours(node: FileNode): HostNode {
    if (node instanceof HostNode && node.#volume === this.#volume) return node;
    throw new FileError("EXDEV");
  }
}

interface Name {
  readonly directory: Place;
  readonly name: string;
}

function rename(volume: Volume, from: Name, to: Name): void {
  volume.changing();
  if (volume.staysWhileOpen) {
    // Linux sees to that itself.
    if (to.directory.isWithin(from.directory, from.name)) throw new FileError("EINVAL");
    from.directory.closeHandlesAt(from.name);
    to.directory.closeHandlesAt(to.name);
  }
  const directory = from.directory.directory();
  directory.rename(from.name, to.directory.directory(), to.name);
  // rename(2): "If oldpath and newpath are existing hard links referring to the same file, then rename() does nothing."
  if (from.directory === to.directory && from.name === to.name) return;
  if (!directory.lstat(from.name)) from.directory.move(from.name, to.directory, to.name);
}

function unlink(volume: Volume, { directory, name }: Name, isDirectory: boolean): void {
  volume.changing();
  if (isDirectory && volume.staysWhileOpen) directory.closeHandlesAt(name);
  if (isDirectory) directory.directory().rmdir(name);
  else directory.directory().unlink(name);
  directory.lose(name);
}
