import { FileError } from "../errors/file-error.ts";
import type { AttributeChanges, Attributes, Qid, Timestamp } from "../file-system.ts";
import { qidTypeOf, S_IFDIR, S_IFLNK, S_IFMT } from "../linux.ts";
import { Content } from "./content.ts";

export interface InodeOptions {
  /** Type and permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly device?: number;
}

/** One name of one file. Renaming changes the link, so that whoever holds it sees the new name. */
export interface Link {
  readonly inode: Inode;
  /** Undefined for the root and for a name that has been removed. */
  directory: Inode | undefined;
  name: string;
}

const BLOCK_BYTES = 4096;

/** A file, directory or other thing of the memory file system, whatever its names. */
export class Inode {
  readonly number: number;
  readonly content = new Content();
  /** Of a directory, in the order of creation. */
  readonly children = new Map<string, Link>();
  readonly xattrs = new Map<string, Uint8Array>();
  readonly device: number;
  readonly born: Timestamp = now();
  /** Of a directory: the link by which it is reached. */
  link: Link | undefined;
  target = "";
  links = 1;
  mode: number;
  uid: number;
  gid: number;
  version = 1;
  accessed: Timestamp = this.born;
  modified: Timestamp = this.born;
  changed: Timestamp = this.born;

  constructor(number: number, { mode, uid, gid, device = 0 }: InodeOptions) {
    this.number = number;
    this.mode = mode;
    this.uid = uid;
    this.gid = gid;
    this.device = device;
    if (this.isDirectory) this.links = 2;
  }

  get isDirectory(): boolean {
    return (this.mode & S_IFMT) === S_IFDIR;
  }

  get qid(): Qid {
    return { type: qidTypeOf(this.mode), version: this.version, path: this.number };
  }

  attributes(): Attributes {
    const { mode, uid, gid, links, device, accessed, modified, changed, born } = this;
    const size = this.#size();
    return {
      qid: this.qid,
      mode,
      uid,
      gid,
      links,
      device,
      size,
      accessed,
      modified,
      changed,
      born,
      blockSize: BLOCK_BYTES,
      blocks: Math.ceil(size / 512),
    };
  }

  change(changes: AttributeChanges): void {
    const { mode, uid, gid, size, accessed, modified } = changes;
    if (size !== undefined) {
      if (this.isDirectory) throw new FileError("EISDIR");
      this.content.resize(size);
      this.touch();
    }
    if (mode !== undefined) this.mode = (this.mode & S_IFMT) | (mode & 0o7777);
    if (uid !== undefined) this.uid = uid;
    if (gid !== undefined) this.gid = gid;
    if (accessed !== undefined) this.accessed = accessed === "now" ? now() : accessed;
    if (modified !== undefined) this.modified = modified === "now" ? now() : modified;
    this.changed = now();
  }

  /** The content has changed. */
  touch(): void {
    this.version = (this.version + 1) >>> 0 || 1;
    this.modified = now();
    this.changed = this.modified;
  }

  #size(): number {
    if ((this.mode & S_IFMT) === S_IFLNK) return this.target.length;
    return this.isDirectory ? this.children.size : this.content.length;
  }
}

function now(): Timestamp {
  const milliseconds = performance.timeOrigin + performance.now();
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds, nanoseconds: Math.floor((milliseconds - seconds * 1000) * 1e6) };
}
