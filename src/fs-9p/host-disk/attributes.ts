import type { BigIntStats } from "node:fs";
import type { Attributes, Timestamp } from "../file-system.ts";
import { qidTypeOf } from "../linux.ts";
import type { QidPaths } from "./qid-paths.ts";

const NANOSECONDS = 1_000_000_000n;

/** What Node's stat says, as the port has it. */
export function attributesOfStats(stats: BigIntStats, paths: QidPaths): Attributes {
  const mode = Number(stats.mode);
  const size = Number(stats.size);
  const modified = timestamp(stats.mtimeNs);
  return {
    qid: {
      type: qidTypeOf(mode),
      version: versionOf(modified, size),
      path: paths.pathOf(Number(stats.dev), stats.ino),
    },
    mode,
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    links: Number(stats.nlink),
    device: Number(stats.rdev),
    size,
    blockSize: Number(stats.blksize),
    blocks: Number(stats.blocks),
    accessed: timestamp(stats.atimeNs),
    modified,
    changed: timestamp(stats.ctimeNs),
    born: timestamp(stats.birthtimeNs),
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
