import type { AttributeChanges, FileSystemStatistics, Timestamp } from "../file-system.ts";
import type { NameWatch, OnName } from "./watch-names.ts";

/** What stat(2) says, as Node's BigIntStats have it. */
export interface HostStats {
  readonly dev: bigint | number;
  readonly ino: bigint;
  readonly mode: bigint | number;
  readonly nlink: bigint | number;
  readonly uid: bigint | number;
  readonly gid: bigint | number;
  readonly rdev: bigint | number;
  readonly size: bigint | number;
  readonly blksize: bigint | number;
  /** Of 512 bytes each. */
  readonly blocks: bigint | number;
  readonly atimeNs: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly birthtimeNs: bigint;
}

/** What of a file its directory's listing tells, enough for a qid. */
export type ListedStats = Pick<HostStats, "dev" | "ino" | "mode" | "size" | "mtimeNs">;

export interface ListedName {
  readonly name: string;
  /** Undefined where a listing has names only: the file must be looked at. */
  readonly stats?: ListedStats | undefined;
}

/** What to set; a time that is not given stays. */
export interface Times {
  readonly accessed?: Timestamp | undefined;
  readonly modified?: Timestamp | undefined;
}

/** A new file's permission bits, and the client's user and group, for hosts that keep such things. */
export interface NewFile {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** An open regular file of the host, which outlives its names. Calls are synchronous but for `sync`; errors are FileErrors. */
export interface HostFile {
  stat(): HostStats;
  /** Fewer bytes than fit only at the end. */
  read(into: Uint8Array, offset: number): number;
  /** What a full disk has taken counts. */
  write(from: Uint8Array, offset: number): number;
  change(changes: AttributeChanges): void;
  sync(dataOnly: boolean): Promise<void>;
  /** The same file once more, whatever has become of its names. ENOENT where the system has no such call. */
  reopen(flags: number): HostFile;
  close(): void;
}

/**
 * One open directory of the host, and what can be done to the names in it: all that a host's system has to give for the
 * host disk to work. Calls are synchronous. Names have been checked; no call follows a symbolic link in any of them, so that
 * nothing outside the directory is ever reached, also when other programs change names at the same time. Errors are FileErrors.
 */
export interface HostDirectory {
  /** Whether a directory cannot be renamed or removed while one in it, or it itself, is open. */
  readonly staysWhileOpen: boolean;
  /** Undefined when there is no such name. */
  lstat(name: string): HostStats | undefined;
  stat(): HostStats;
  list(): readonly ListedName[];
  openDirectory(name: string): HostDirectory;
  /** A regular file; ENXIO for a pipe, socket or device, which may block or act when opened. */
  open(name: string, flags: number): HostFile;
  /** As {@link open}, of a new file with exactly this mode; EEXIST when the name is taken. */
  create(name: string, flags: number, made: NewFile): HostFile;
  mkdir(name: string, made: NewFile): void;
  symlink(name: string, target: string, made: NewFile): void;
  /** A named pipe, or what else without content the host's disks can have; `type` is of S_IFMT. EPERM for others. */
  mknod(name: string, type: number, made: NewFile): Promise<void>;
  readlink(name: string): string;
  link(name: string, directory: HostDirectory, newName: string): void;
  rename(name: string, directory: HostDirectory, newName: string): void;
  unlink(name: string): void;
  rmdir(name: string): void;
  chmod(name: string, mode: number): void;
  chown(name: string, uid: number | undefined, gid: number | undefined): void;
  setTimes(name: string, times: Times): void;
  statfs(): FileSystemStatistics;
  fsync(): Promise<void>;
  /** See watch-names.ts. The watch outlives this object. */
  watch(onName: OnName): NameWatch;
  close(): void;
}
