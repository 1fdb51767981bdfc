import type { BigIntStats } from "node:fs";
import type { FileSystemStatistics, Timestamp } from "../file-system.ts";

/** What to set; a time that is not given stays. */
export interface Times {
  readonly accessed?: Timestamp | undefined;
  readonly modified?: Timestamp | undefined;
}

/**
 * One open directory of the host, and what can be done to the names in it: all that a host's system has to give for the
 * host disk to work. Calls are synchronous. Names have been checked; no call follows a symbolic link in any of them, so that
 * nothing outside the directory is ever reached, also when other programs change names at the same time. Errors are FileErrors.
 */
export interface HostDirectory {
  /** Undefined when there is no such name. */
  lstat(name: string): BigIntStats | undefined;
  stat(): BigIntStats;
  names(): readonly string[];
  openDirectory(name: string): HostDirectory;
  /** A descriptor of a regular file; ENXIO for a pipe, socket or device, which may block or act when opened. */
  open(name: string, flags: number): number;
  /** As {@link open}, of a new file with exactly this mode; EEXIST when the name is taken. */
  create(name: string, flags: number, mode: number): number;
  mkdir(name: string, mode: number): void;
  symlink(name: string, target: string): void;
  /** A named pipe. */
  mkfifo(name: string, mode: number): Promise<void>;
  readlink(name: string): string;
  link(name: string, directory: HostDirectory, newName: string): void;
  rename(name: string, directory: HostDirectory, newName: string): void;
  unlink(name: string): void;
  rmdir(name: string): void;
  chmod(name: string, mode: number): void;
  chown(name: string, uid: number | undefined, gid: number | undefined): void;
  setTimes(name: string, times: Times): void;
  truncate(name: string, size: number): void;
  statfs(): FileSystemStatistics;
  fsync(): Promise<void>;
  close(): void;
}
