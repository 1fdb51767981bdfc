import * as fs from "node:fs";
import { toFileError } from "../errors/to-file-error.ts";
import type { AttributeChanges } from "../file-system.ts";
import { allowedMode } from "./allowed-mode.ts";
import { nodeTimes, timesOf } from "./times.ts";

/** What is done to a regular file by its descriptor, the same on every host. Errors are FileErrors. */

const bigint = { bigint: true } as const;

export function statFile(fd: number): fs.BigIntStats {
  return translated(() => fs.fstatSync(fd, bigint));
}

export function readFile(fd: number, into: Uint8Array, offset: number): number {
  return translated(() => fs.readSync(fd, into, 0, into.length, offset));
}

/** Writes everything; what a full disk has taken of it counts. */
export function writeFile(fd: number, from: Uint8Array, offset: number): number {
  let written = 0;
  try {
    while (written < from.length)
      written += fs.writeSync(fd, from, written, from.length - written, offset + written);
  } catch (error) {
    if (written === 0) throw toFileError(error);
  }
  return written;
}

export function changeFile(fd: number, changes: AttributeChanges): void {
  const { size, mode, uid, gid } = changes;
  translated(() => {
    if (size !== undefined) fs.ftruncateSync(fd, size);
    if (uid !== undefined || gid !== undefined) fs.fchownSync(fd, uid ?? -1, gid ?? -1);
    if (mode !== undefined) fs.fchmodSync(fd, allowedMode(mode));
    const times = timesOf(changes);
    if (times) fs.futimesSync(fd, ...nodeTimes(times, () => fs.fstatSync(fd)));
  });
}

/** In Node's thread pool: a disk may take long. */
export async function syncFile(fd: number, dataOnly: boolean): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const done = (error: unknown): void => (error ? reject(toFileError(error)) : resolve());
  if (dataOnly) fs.fdatasync(fd, done);
  else fs.fsync(fd, done);
  await promise;
}

export function closeFile(fd: number): void {
  translated(() => fs.closeSync(fd));
}

function translated<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toFileError(error);
  }
}
