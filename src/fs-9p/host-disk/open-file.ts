import type { AttributeChanges, Attributes, OpenFile, Qid } from "../file-system.ts";
import { FileError } from "../errors/file-error.ts";
import { O_ACCMODE } from "../linux.ts";
import type { LockRequest, LockStatus } from "../locks.ts";
import { changeFile, closeFile, readFile, statFile, syncFile, writeFile } from "./descriptors.ts";
import type { Volume } from "./volume.ts";

/** An open regular file: its descriptor, which outlives its names. */
export class HostOpenFile implements OpenFile {
  readonly qid: Qid;
  readonly #volume: Volume;
  readonly #fd: number;
  readonly #flags: number;

  /** Takes over the descriptor. */
  constructor(volume: Volume, fd: number, flags: number) {
    this.#volume = volume;
    this.#fd = fd;
    this.#flags = flags;
    this.qid = this.getattr().qid;
  }

  read(into: Uint8Array, offset: number): number {
    return readFile(this.#fd, into, offset);
  }

  write(from: Uint8Array, offset: number): number {
    this.#volume.changing();
    return writeFile(this.#fd, from, offset);
  }

  readdir(): never {
    throw new FileError("ENOTDIR");
  }

  getattr(): Attributes {
    return this.#volume.attributesOfStats(statFile(this.#fd));
  }

  setattr(changes: AttributeChanges): void {
    this.#volume.changing();
    // ftruncate(2) says EINVAL for this, but truncate(2) of the same file may be allowed; Linux's client opens for it.
    if (changes.size !== undefined && (this.#flags & O_ACCMODE) === 0) throw new FileError("EBADF");
    changeFile(this.#fd, changes);
  }

  async fsync(dataOnly: boolean): Promise<void> {
    await syncFile(this.#fd, dataOnly);
  }

  lock(request: LockRequest): LockStatus {
    return this.#volume.locks.set(this.qid.path, this, request);
  }

  getlock(request: LockRequest): LockRequest {
    return this.#volume.locks.test(this.qid.path, request);
  }

  close(): void {
    this.#volume.locks.release(this.qid.path, this);
    closeFile(this.#fd);
  }
}
