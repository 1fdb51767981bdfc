import { FileError } from "../../errors/file-error.ts";
import type { Timestamp } from "../../file-system.ts";

/** 1970 in FILETIME: 100 ns since 1601. */
const EPOCH = 116_444_736_000_000_000n;
const PER_SECOND = 10_000_000n;
const LATEST = 0x7fff_ffff_ffff_ffffn;

export function nanosecondsOfFileTime(time: bigint): bigint {
  return (time - EPOCH) * 100n;
}

/** EINVAL for one that Windows cannot have: before 1601, where 0 and -1 mean other things to it. */
export function fileTime({ seconds, nanoseconds }: Timestamp): bigint {
  const time = BigInt(seconds) * PER_SECOND + BigInt(Math.trunc(nanoseconds / 100)) + EPOCH;
  if (time <= 0n || time > LATEST) throw new FileError("EINVAL");
  return time;
}
