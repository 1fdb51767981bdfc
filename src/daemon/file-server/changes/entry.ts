import type { Attributes, Qid, Timestamp } from "../../../fs-9p/index.ts";

/** What is remembered of a file to tell later whether it has changed. */
export interface Entry {
  readonly qid: Qid;
  readonly mode: number;
  readonly size: number;
  /** Nanoseconds since 1970, to a quarter of a microsecond. */
  readonly modified: number;
  readonly changed: number;
  /** 0 where the host does not keep it. */
  readonly born: number;
}

const S_IFMT = 0o170000;
const S_IFDIR = 0o040000;
const S_IFREG = 0o100000;

export function entryOf({ qid, mode, size, modified, changed, born }: Attributes): Entry {
  const times = { modified: nanoseconds(modified), changed: nanoseconds(changed), born: nanoseconds(born) };
  return { qid, mode, size, ...times };
}

export const isDirectory = ({ mode }: Entry): boolean => (mode & S_IFMT) === S_IFDIR;
export const isRegular = ({ mode }: Entry): boolean => (mode & S_IFMT) === S_IFREG;

/** The same file, whatever has happened to it. File systems give the number of a file that goes to the next that is made. */
export function isSameFile(one: Entry, other: Entry): boolean {
  return (
    one.qid.path === other.qid.path && one.born === other.born && ((one.mode ^ other.mode) & S_IFMT) === 0
  );
}

/**
 * What inotify would have said of this file between the two. Of a directory the times are those of what is in it, which is
 * not its own change.
 */
export function touchOf(before: Entry, now: Entry): "modify" | "attrib" | undefined {
  if (isDirectory(now)) return before.mode === now.mode ? undefined : "attrib";
  if (before.size !== now.size || before.modified !== now.modified)
    return isRegular(now) ? "modify" : "attrib";
  return before.changed === now.changed ? undefined : "attrib";
}

/** For a client that looks at a file which may not be there any more. */
export function attributesOf({ qid, mode, size, modified, changed }: Entry): Attributes {
  return {
    qid,
    mode,
    uid: 0,
    gid: 0,
    // One name, which goes: then the file is gone.
    links: 1,
    device: 0,
    size,
    blockSize: 4096,
    blocks: Math.ceil(size / 512),
    accessed: timestamp(modified),
    modified: timestamp(modified),
    changed: timestamp(changed),
  };
}

/** A file of whatever type as one that can be made by opening it. */
export function asRegular(entry: Entry): Entry {
  if (isRegular(entry) || isDirectory(entry)) return entry;
  return { ...entry, qid: { ...entry.qid, type: 0 }, mode: S_IFREG | (entry.mode & 0o777), size: 0 };
}

export function nanoseconds({ seconds, nanoseconds }: Timestamp = { seconds: 0, nanoseconds: 0 }): number {
  return seconds * 1e9 + nanoseconds;
}

function timestamp(ns: number): Timestamp {
  const seconds = Math.floor(ns / 1e9);
  return { seconds, nanoseconds: Math.floor(ns - seconds * 1e9) };
}
