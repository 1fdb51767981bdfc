import type { AttributeChanges, Attributes, OpenFile, Qid } from "../file-system.ts";
import { FileError } from "../errors/file-error.ts";
import { O_ACCMODE } from "../linux.ts";
import type { LockRequest, LockStatus } from "../locks.ts";
import type { HostFile } from "./host-directory.ts";
import type { Place } from "./place.ts";
import type { Volume } from "./volume.ts";

/** An open regular file. */
export class HostOpenFile implements OpenFile {
  readonly qid: Qid;
  readonly #volume: Volume;
  readonly #place: Place;
  readonly #file: HostFile;
  readonly #flags: number;

  /** Takes over the file, which was opened at this place. */
  constructor(volume: Volume, place: Place, opened: { readonly file: HostFile; readonly flags: number }) {
    this.#volume = volume;
    this.#place = place;
    this.#file = opened.file;
    this.#flags = opened.flags;
    place.opened(this.#file);
    this.qid = this.getattr().qid;
  }

  read(into: Uint8Array, offset: number): number {
    return this.#file.read(into, offset);
  }

  write(from: Uint8Array, offset: number): number {
    this.#volume.changing();
    return this.#file.write(from, offset);
  }

  readdir(): never {
    throw new FileError("ENOTDIR");
  }

  getattr(): Attributes {
    return this.#volume.attributesOfStats(this.#file.stat());
  }

  setattr(changes: AttributeChanges): void {
    this.#volume.changing();
    // ftruncate(2) says EINVAL for this, but truncate(2) of the same file may be allowed; Linux's client opens for it.
    if (changes.size !== undefined && (this.#flags & O_ACCMODE) === 0) throw new FileError("EBADF");
    this.#file.change(changes);
  }

  async fsync(dataOnly: boolean): Promise<void> {
    await this.#file.sync(dataOnly);
  }

  lock(request: LockRequest): LockStatus {
    return this.#volume.locks.set(this.qid.path, this, request);
  }

  getlock(request: LockRequest): LockRequest {
    return this.#volume.locks.test(this.qid.path, this, request);
  }

  close(): void {
    this.#volume.locks.release(this.qid.path, this);
    this.#place.closed(this.#file);
    this.#file.close();
  }
}
