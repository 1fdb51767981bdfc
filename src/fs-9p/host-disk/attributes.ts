import type { Attributes, Qid, Timestamp } from "../file-system.ts";
import { qidTypeOf } from "../linux.ts";
import type { HostStats, ListedStats } from "./host-directory.ts";
import type { QidPaths } from "./qid-paths.ts";

const NANOSECONDS = 1_000_000_000n;

/** What stat(2) says, as the port has it. */
export function attributesOfStats(stats: HostStats, paths: QidPaths): Attributes {
  return {
    qid: qidOfStats(stats, paths),
    mode: Number(stats.mode),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    links: Number(stats.nlink),
    device: Number(stats.rdev),
    size: Number(stats.size),
    blockSize: Number(stats.blksize),
    blocks: Number(stats.blocks),
    accessed: timestamp(stats.atimeNs),
    modified: timestamp(stats.mtimeNs),
    changed: timestamp(stats.ctimeNs),
    born: timestamp(stats.birthtimeNs),
  };
}

export function qidOfStats({ dev, ino, mode, size, mtimeNs }: ListedStats, paths: QidPaths): Qid {
  return {
    type: qidTypeOf(Number(mode)),
    version: versionOf(timestamp(mtimeNs), Number(size)),
    path: paths.pathOf(Number(dev), ino),
  };
}

/** Changes when the file has been written to; never 0, which tells Linux not to cache. */
function versionOf({ seconds, nanoseconds }: Timestamp, size: number): number {
  return (Math.imul(seconds, 1_000_003) ^ nanoseconds ^ Math.imul(size, 257)) >>> 0 || 1;
}

function timestamp(ns: bigint): Timestamp {
  const whole = ns / NANOSECONDS;
  const nanoseconds = Number(ns - whole * NANOSECONDS);
  const seconds = Number(whole);
  return nanoseconds < 0
    ? { seconds: seconds - 1, nanoseconds: nanoseconds + 1_000_000_000 }
    : { seconds, nanoseconds };
}
