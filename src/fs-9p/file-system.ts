import type { LockRequest, LockStatus } from "./locks.ts";

/**
 * The port of the library: what a server serves and what a client shows.
 *
 * **Waiting.** Every method may answer at once or with a promise. The server awaits only promises, so a synchronous file
 * system (the host disk: Node's thread pool costs more than most of its calls) is answered without a turn in between.
 *
 * **What may run at the same time.** The server does no locking. Methods that answer with promises may be under way
 * together, on one object and on many, in any order; an implementation that minds must queue them itself. `close` is the
 * exception: it is called once, after every other call on that object has settled, and nothing is called after it.
 *
 * **Names** are byte strings: one UTF-16 unit per byte (0x00–0xFF), as Buffer's `latin1` gives them, because names on Linux
 * are bytes and need not be UTF-8. The server has checked them: never empty, `.` or `..`, no `/`, no NUL, at most 255
 * bytes. Targets of symbolic links are byte strings too, of any content but NUL. See names.ts for text.
 *
 * **Errors.** A method throws or rejects with {@link FileError} (errors/file-error.ts) and nothing else: foreign errors are
 * translated once, at the implementation's edge.
 */
export type Awaitable<T> = T | Promise<T>;

/** What a file is on the server, whatever its names. Equal for every way of reaching it: walk, getattr, open, readdir. */
export interface Qid {
  /** Bits of {@link QidType}. */
  readonly type: number;
  /** Changes with the content; 0 tells Linux never to cache. */
  readonly version: number;
  /** Unique among the files alive in this file system, below 2^53. */
  readonly path: number;
}

export interface Timestamp {
  /** Whole seconds since 1970, negative before. */
  readonly seconds: number;
  /** 0 to 999 999 999. */
  readonly nanoseconds: number;
}

/** What stat(2) says. */
export interface Attributes {
  readonly qid: Qid;
  /** Type and permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly links: number;
  /** Of a device: its number as Linux's stat encodes it. */
  readonly device: number;
  readonly size: number;
  readonly blockSize: number;
  /** Of 512 bytes each. */
  readonly blocks: number;
  readonly accessed: Timestamp;
  readonly modified: Timestamp;
  readonly changed: Timestamp;
  readonly born?: Timestamp | undefined;
}

/** What to change, all at once; the rest stays. `"now"` is the file system's own clock. */
export interface AttributeChanges {
  /** Permission bits; type bits are ignored. */
  readonly mode?: number | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  readonly size?: number | undefined;
  readonly accessed?: Timestamp | "now" | undefined;
  readonly modified?: Timestamp | "now" | undefined;
}

/** What statfs(2) says. */
export interface FileSystemStatistics {
  readonly type: number;
  readonly blockSize: number;
  readonly blocks: number;
  readonly freeBlocks: number;
  readonly availableBlocks: number;
  readonly files: number;
  readonly freeFiles: number;
  readonly id: number;
  readonly nameLength: number;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly qid: Qid;
  /** DT_* of readdir(3). */
  readonly type: number;
  /** Where reading goes on after this entry; above 0. */
  readonly offset: number;
}

/** Who attaches, and to what. Linux attaches once for each user that comes to the mount (access=user). */
export interface AttachRequest {
  readonly user: string;
  /** 0xffffffff when the client gave none. */
  readonly uid: number;
  /** The client's `aname`: which tree, as the file system understands it; "" is the whole. */
  readonly path: string;
}

export interface CreateOptions {
  /** Permission bits, the caller's umask already taken off. */
  readonly mode: number;
  /** The caller's group. */
  readonly gid: number;
}

export interface FileSystem {
  /** The root of what the request names. ENOENT when there is no such tree, EACCES when it is not for this user. */
  attach(request: AttachRequest): Awaitable<FileNode>;
}

/**
 * A place in the tree that is not open: a name in a directory, which renames made through this file system keep up to date.
 * What it gave (nodes, open files) outlives it.
 */
export interface FileNode {
  readonly qid: Qid;
  /** One step down, never following a symbolic link. ENOENT, ENOTDIR. */
  walk(name: string): Awaitable<FileNode>;
  /** Of a directory: the one it is in; the file system's root is its own. The server never asks at a fid's root. */
  parent(): Awaitable<FileNode>;
  getattr(): Awaitable<Attributes>;
  setattr(changes: AttributeChanges): Awaitable<void>;
  /** `flags` are O_* of x86-64 Linux without O_CREAT. Symbolic links are not followed (ELOOP). */
  open(flags: number): Awaitable<OpenFile>;
  /** Makes and opens a regular file in this directory; with O_EXCL in `flags` it must not exist. */
  create(name: string, flags: number, options: CreateOptions): Awaitable<CreatedFile>;
  mkdir(name: string, options: CreateOptions): Awaitable<Qid>;
  symlink(name: string, target: string, options: { readonly gid: number }): Awaitable<Qid>;
  /** `mode` carries the type; `device` is encoded as in {@link Attributes}. */
  mknod(name: string, device: number, options: CreateOptions): Awaitable<Qid>;
  /** A further name in this directory for `target`, a node of the same file system. */
  link(name: string, target: FileNode): Awaitable<void>;
  readlink(): Awaitable<string>;
  /** rename(2): replaces what is there. `directory` is a node of the same file system (else EXDEV). */
  rename(name: string, directory: FileNode, newName: string): Awaitable<void>;
  /** {@link rename} of this node itself; EBUSY for a root. */
  moveTo(directory: FileNode, newName: string): Awaitable<void>;
  /** unlink(2), or rmdir(2) when `directory`. */
  unlink(name: string, directory: boolean): Awaitable<void>;
  /** {@link unlink} of this node itself, whatever its type; EBUSY for a root. The node must still be closed. */
  remove(): Awaitable<void>;
  statfs(): Awaitable<FileSystemStatistics>;
  /** ENODATA without such an attribute, EOPNOTSUPP where there are none at all; so for the three that follow. */
  getxattr(name: string): Awaitable<Uint8Array>;
  /** Names, each followed by NUL, as listxattr(2) gives them. */
  listxattr(): Awaitable<Uint8Array>;
  /** `flags`: 1 must not exist (XATTR_CREATE), 2 must exist (XATTR_REPLACE). */
  setxattr(name: string, value: Uint8Array, flags: number): Awaitable<void>;
  removexattr(name: string): Awaitable<void>;
  close(): Awaitable<void>;
}

export interface CreatedFile {
  readonly node: FileNode;
  readonly file: OpenFile;
}

/** An open file or directory. It goes on working when the file is renamed or removed. */
export interface OpenFile {
  readonly qid: Qid;
  /** Fills `into` from `offset`; fewer bytes only at the end of the file, 0 there. EISDIR for a directory. */
  read(into: Uint8Array, offset: number): Awaitable<number>;
  /** How many bytes were written, all but when the disk is full. `from` may be reused after it has settled. */
  write(from: Uint8Array, offset: number): Awaitable<number>;
  /**
   * At most `count` entries after `offset` (0: from the start, anew), without `.` and `..`; none at the end. An entry that
   * exists throughout is given exactly once.
   */
  readdir(offset: number, count: number): Awaitable<readonly DirectoryEntry[]>;
  getattr(): Awaitable<Attributes>;
  setattr(changes: AttributeChanges): Awaitable<void>;
  fsync(dataOnly: boolean): Awaitable<void>;
  /** Never waits: `blocked` when another holder is in the way. */
  lock(request: LockRequest): Awaitable<LockStatus>;
  /** The lock that would be in the way, or the request with type `unlock`. */
  getlock(request: LockRequest): Awaitable<LockRequest>;
  /** Locks taken through this open file go with it. */
  close(): Awaitable<void>;
}
