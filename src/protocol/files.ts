import * as v from "valibot";
import { method } from "./contract.ts";

/** The part of the daemon's contract that is about files: what `tswsl cp`, `ls`, `cat` and `open` ask for. */

/** A place in a distro. */
export const DistroPlace = v.object({
  in: v.literal("distro"),
  /** Absent: the default distro. */
  distro: v.optional(v.string()),
  /** Absolute, else below the user's home directory. */
  path: v.string(),
});

export const FilePlace = v.variant("in", [
  DistroPlace,
  /** A place on this host; absolute. */
  v.object({ in: v.literal("host"), path: v.string() }),
]);

/** As whom files are reached in a distro: a name or a decimal uid. Absent: its default user. */
const User = v.optional(v.string());

export const FileType = v.picklist([
  "file",
  "directory",
  "symlink",
  "fifo",
  "socket",
  "character",
  "block",
  "unknown",
]);

/** What `ls -l` shows beside the name. */
export const FileDetails = v.object({
  /** Permission bits with setuid, setgid and sticky: 0 to 0o7777. */
  permissions: v.number(),
  links: v.number(),
  uid: v.number(),
  gid: v.number(),
  /** As the distro's /etc/passwd and /etc/group have them; null where they do not. */
  owner: v.nullable(v.string()),
  group: v.nullable(v.string()),
  size: v.number(),
  /** Of a device. */
  major: v.number(),
  minor: v.number(),
  /** ISO 8601, UTC, milliseconds. */
  modifiedAt: v.string(),
  /** Of a symbolic link: a byte string, as a name is. */
  target: v.nullable(v.string()),
});

export const FileEntry = v.object({
  /**
   * A byte string, one UTF-16 unit for each byte (what Buffer calls latin1): names on Linux are bytes, and need not be UTF-8.
   */
  name: v.string(),
  type: FileType,
  /** Null when they were not asked for, or the file was gone when they were. */
  details: v.nullable(FileDetails),
});

export const filesContract = {
  /** The one file, or what is in the directory, sorted by bytes. Starts the distro. */
  "files.list": method(
    v.object({
      place: DistroPlace,
      user: User,
      details: v.boolean(),
      /** Whether a symbolic link at the place itself is followed. */
      follow: v.boolean(),
      /** The name after which to go on: a large directory takes several answers. */
      after: v.optional(v.string()),
    }),
    v.object({
      /** The distro's name as it is registered. */
      distro: v.string(),
      /** What the place is; `entries` are the directory's, else this one alone. */
      type: FileType,
      entries: v.array(FileEntry),
      /** There are more after the last one. */
      more: v.boolean(),
    }),
  ),
  /** Where a place is and what is there, symbolic links followed. Starts the distro. Raises `not-found`. */
  "files.stat": method(
    v.object({ place: DistroPlace, user: User }),
    v.object({
      distro: v.string(),
      /** Absolute and without symbolic links, as text. */
      path: v.string(),
      type: FileType,
    }),
  ),
  /**
   * Copies, as cp does: into `target` when that is a directory, else to it. Mode, times, symbolic and hard links are
   * kept, owners too where root writes. Reports {@link Progress} in bytes. Cancelling, or the client's end, stops it:
   * no file is half there then, but those that are complete stay. What cannot be copied is left out and told.
   */
  "files.copy": method(
    v.object({ sources: v.array(FilePlace), target: FilePlace, user: User, recursive: v.boolean() }),
    v.object({
      files: v.number(),
      directories: v.number(),
      /** Symbolic links, hard links, named pipes and devices. */
      others: v.number(),
      bytes: v.number(),
      failed: v.number(),
      /** The first of them. */
      failures: v.array(v.object({ path: v.string(), code: v.string(), message: v.string() })),
    }),
  ),
} as const;

/** Reads a file of a distro: the daemon sends progress while something is started, then stdout frames, exit or error. */
export const ClientReadHeader = v.object({ kind: v.literal("read"), place: DistroPlace, user: User });

export type DistroPlace = v.InferOutput<typeof DistroPlace>;
export type FilePlace = v.InferOutput<typeof FilePlace>;
export type FileType = v.InferOutput<typeof FileType>;
export type FileEntry = v.InferOutput<typeof FileEntry>;
export type FileDetails = v.InferOutput<typeof FileDetails>;
export type ClientReadHeader = v.InferOutput<typeof ClientReadHeader>;
