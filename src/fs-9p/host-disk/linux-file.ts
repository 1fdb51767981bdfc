import * as fs from "node:fs";
import { toFileError } from "../errors/to-file-error.ts";
import type { AttributeChanges } from "../file-system.ts";
import { O_NONBLOCK } from "../linux.ts";
import { allowedMode } from "./allowed-mode.ts";
import type { HostFile } from "./host-directory.ts";
import { fdPath } from "./proc.ts";
import { nodeTimes, timesOf } from "./times.ts";

const bigint = { bigint: true } as const;

/** A regular file by its descriptor. */
export class LinuxFile implements HostFile {
  readonly #fd: number;

  /** Takes over the descriptor. */
  constructor(fd: number) {
    this.#fd = fd;
  }

  stat(): fs.BigIntStats {
    return translated(() => fs.fstatSync(this.#fd, bigint));
  }

  read(into: Uint8Array, offset: number): number {
    return translated(() => fs.readSync(this.#fd, into, 0, into.length, offset));
  }

  write(from: Uint8Array, offset: number): number {
    let written = 0;
    try {
      while (written < from.length)
        written += fs.writeSync(this.#fd, from, written, from.length - written, offset + written);
    } catch (error) {
      if (written === 0) throw toFileError(error);
    }
    return written;
  }

  change(changes: AttributeChanges): void {
    const { size, mode, uid, gid } = changes;
    const fd = this.#fd;
    translated(() => {
      if (size !== undefined) fs.ftruncateSync(fd, size);
      if (uid !== undefined || gid !== undefined) fs.fchownSync(fd, uid ?? -1, gid ?? -1);
      if (mode !== undefined) fs.fchmodSync(fd, allowedMode(mode));
      const times = timesOf(changes);
      if (times) fs.futimesSync(fd, ...nodeTimes(times, () => fs.fstatSync(fd)));
    });
  }

  /** In Node's thread pool: a disk may take long. */
  async sync(dataOnly: boolean): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const done = (error: unknown): void => (error ? reject(toFileError(error)) : resolve());
    if (dataOnly) fs.fdatasync(this.#fd, done);
    else fs.fsync(this.#fd, done);
    await promise;
  }

  reopen(flags: number): LinuxFile {
    return translated(() => new LinuxFile(fs.openSync(fdPath(this.#fd), flags | O_NONBLOCK)));
  }

  close(): void {
    translated(() => fs.closeSync(this.#fd));
  }
}

function translated<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toFileError(error);
  }
}
