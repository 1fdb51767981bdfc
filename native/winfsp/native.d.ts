/**
 * winfsp.node: shows a file system of JavaScript to the programs of the host, through WinFsp on Windows and libfuse on Linux.
 *
 * Names, paths and link targets are bytes: one code unit of the string for each, as Buffer's "latin1" has them. Nodes and handles
 * are numbers that the function `serve` chooses; the root's node is 1. Errors are Linux's errno on every host. What files are
 * described with has the shape that src/fs-9p gives it.
 */

/** Since 1970. */
export interface Timestamp {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** What stat(2) says. */
export interface Attributes {
  /** The file's number. */
  readonly qid: { readonly path: number };
  /** Type and permissions, as in Linux's st_mode. */
  readonly mode: number;
  readonly links: number;
  readonly uid: number;
  readonly gid: number;
  /** Of a device file: its number as Linux's stat encodes it. */
  readonly device: number;
  readonly size: number;
  /** Of 512 bytes. */
  readonly blocks: number;
  readonly accessed: Timestamp;
  readonly modified: Timestamp;
  readonly changed: Timestamp;
  readonly born?: Timestamp | undefined;
}

/** A node that counts as looked up once more, until a forget takes it back. */
export interface Entry {
  readonly node: number;
  readonly attributes: Attributes;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly qid: { readonly path: number };
  /** DT_* of readdir(3). */
  readonly type: number;
  /** Where to go on after this one. */
  readonly offset: number;
  /** Where attributes were asked for, and not for `.` and `..`: looked up, as an {@link Entry} is. */
  readonly node?: number;
  /** Always with a node. */
  readonly attributes?: Attributes;
}

/** What statfs(2) says. */
export interface Statistics {
  readonly blockSize: number;
  readonly blocks: number;
  readonly freeBlocks: number;
  readonly availableBlocks: number;
  readonly files: number;
  readonly freeFiles: number;
  readonly nameLength: number;
}

/** "now" is the file system's own clock. */
export type TimeChange = Timestamp | "now";

interface Base {
  /** To answer with; zero where there is nothing to answer. */
  readonly id: number;
  readonly node: number;
}

/**
 * `path` is one name on Linux; on Windows it may be several with `/` between them, or empty for the node itself. With `follow`
 * symbolic links are followed, the last name's too. Answer: an Entry.
 */
export interface LookupRequest extends Base {
  readonly op: "lookup";
  readonly path: string;
  readonly follow: boolean;
}

/** The node was looked up so many times and is wanted no more. Has no answer. */
export interface ForgetRequest extends Base {
  readonly op: "forget";
  readonly count: number;
}

/** Answer: Attributes. */
export interface GetattrRequest extends Base {
  readonly op: "getattr";
  readonly handle?: number;
}

/** Changes what is present. Answer: Attributes. */
export interface SetattrRequest extends Base {
  readonly op: "setattr";
  readonly handle?: number;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly size?: number;
  readonly accessed?: TimeChange;
  readonly modified?: TimeChange;
}

/** Answer: the target. */
export interface ReadlinkRequest extends Base {
  readonly op: "readlink";
}

/** Answer: an Entry. */
export interface SymlinkRequest extends Base {
  readonly op: "symlink";
  readonly name: string;
  readonly target: string;
}

/** Answer: an Entry. */
export interface MknodRequest extends Base {
  readonly op: "mknod";
  readonly name: string;
  readonly mode: number;
  readonly device: number;
}

/** Answer: an Entry. */
export interface MkdirRequest extends Base {
  readonly op: "mkdir";
  readonly name: string;
  readonly mode: number;
}

/** Answer: nothing. */
export interface RemoveRequest extends Base {
  readonly op: "unlink" | "rmdir";
  readonly name: string;
}

/** `flags` as in renameat2(2): 1 is RENAME_NOREPLACE. Answer: nothing. */
export interface RenameRequest extends Base {
  readonly op: "rename";
  readonly name: string;
  readonly newNode: number;
  readonly newName: string;
  readonly flags: number;
}

/** A new name of the node. Answer: an Entry. */
export interface LinkRequest extends Base {
  readonly op: "link";
  readonly newNode: number;
  readonly newName: string;
}

/** `flags` are Linux's O_* of x86-64. Answer: a handle. */
export interface OpenRequest extends Base {
  readonly op: "open";
  readonly flags: number;
}

/** Answer: an Entry with a handle. */
export interface CreateRequest extends Base {
  readonly op: "create";
  readonly name: string;
  readonly mode: number;
  readonly flags: number;
}

/** Answer: a Uint8Array of at most `length` bytes, fewer only at the end. It may be used again once `succeed` returns. */
export interface ReadRequest extends Base {
  readonly op: "read";
  readonly handle: number;
  readonly offset: number;
  readonly length: number;
}

/** Answer: how many bytes were written. */
export interface WriteRequest extends Base {
  readonly op: "write";
  readonly handle: number;
  readonly offset: number;
  readonly data: Buffer;
}

/** Flush: one of a handle's descriptors was closed. Release: the last one. Answer: nothing. */
export interface HandleRequest extends Base {
  readonly op: "flush" | "release" | "releasedir";
  readonly handle: number;
}

/** Answer: nothing. */
export interface FsyncRequest extends Base {
  readonly op: "fsync";
  readonly handle: number;
  readonly dataOnly: boolean;
}

/** Answer: a handle. */
export interface OpendirRequest extends Base {
  readonly op: "opendir";
}

/**
 * Goes on after an entry's `offset`; 0 is the beginning. Answer: as many DirectoryEntry as come to about `length` bytes, none at
 * the end. With `follow` the attributes are those of what a symbolic link leads to, if it leads anywhere.
 */
export interface ReaddirRequest extends Base {
  readonly op: "readdir";
  readonly handle: number;
  readonly offset: number;
  readonly length: number;
  readonly withAttributes: boolean;
  readonly follow: boolean;
}

/** Answer: Statistics. */
export interface StatfsRequest extends Base {
  readonly op: "statfs";
}

/** The request `id` has been answered without JavaScript: at its deadline, or because its caller was killed. Has no answer. */
export interface CancelRequest extends Base {
  readonly op: "cancel";
}

/** Somebody else has taken the file system away. `unmount` remains to be called. Has no answer. */
export interface UnmountedRequest extends Base {
  readonly op: "unmounted";
}

export type Request =
  | LookupRequest
  | ForgetRequest
  | GetattrRequest
  | SetattrRequest
  | ReadlinkRequest
  | SymlinkRequest
  | MknodRequest
  | MkdirRequest
  | RemoveRequest
  | RenameRequest
  | LinkRequest
  | OpenRequest
  | CreateRequest
  | ReadRequest
  | WriteRequest
  | HandleRequest
  | FsyncRequest
  | OpendirRequest
  | ReaddirRequest
  | StatfsRequest
  | CancelRequest
  | UnmountedRequest;

export interface MountOptions {
  /** On Linux: an existing folder. Not looked at on Windows. */
  readonly mountPoint: string;
  /** On Windows: `\tswsl$\debian`, with one backslash at its beginning. Not looked at on Linux. */
  readonly prefix: string;
  /** What `df` and the properties of a drive call it. */
  readonly fileSystemName: string;
  /** A caller gets ETIMEDOUT when there is no answer for so long, whether or not JavaScript runs. */
  readonly deadlineMs: number;
  /** For so long attributes and names may be kept by the operating system without asking again. */
  readonly attributeTimeoutMs: number;
}

export interface MountOutcome {
  /** Zero, or Linux's errno, or an NTSTATUS. */
  readonly error: number;
  readonly message: string;
}

/** A file system to be shown. Keeps the event loop alive until `unmount`. */
export interface Volume {
  /** Shows it, once. Requests may come before this resolves, which it always does. */
  mount(): Promise<MountOutcome>;
  /**
   * Answers a request. Returns how many results the operating system took: 0 or 1, of a directory's entries as many as it had room
   * for. What it did not take (the caller is gone, or the deadline has passed) nobody will ever forget or release.
   */
  succeed(id: number, answer?: unknown): number;
  /** Answers with an errno. */
  fail(id: number, errno: number): void;
  /** Gives the request so much more time, from now on. */
  extend(id: number, milliseconds: number): void;
  /** Open files of it give errors from now on. Idempotent; never waits for JavaScript or a caller. */
  unmount(): Promise<void>;
}

/** The addon's exports. */
export interface WinfspModule {
  /** Null when a volume can be mounted here, else what is missing and how to get it. */
  whatIsMissing(): string | null;
  /** `serve` is called with each request; it must not throw, and answers now or later, in any order. */
  createVolume(options: MountOptions, serve: (request: Request) => void): Volume;
}
