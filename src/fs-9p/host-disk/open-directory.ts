import { FileError } from "../errors/file-error.ts";
import type { AttributeChanges, Attributes, DirectoryEntry, OpenFile, Qid } from "../file-system.ts";
import { directoryTypeOf } from "../linux.ts";
import type { LockRequest, LockStatus } from "../locks.ts";
import { changeDirectory } from "./change.ts";
import { usingCopy } from "./directory-handles.ts";
import type { ListedName } from "./host-directory.ts";
import type { Place } from "./place.ts";
import type { Volume } from "./volume.ts";

/** An open directory. */
export class HostOpenDirectory implements OpenFile {
  readonly qid: Qid;
  readonly #volume: Volume;
  readonly #place: Place;
  #names: readonly ListedName[] = [];

  /** Takes over the caller's use of the place. */
  constructor(volume: Volume, place: Place) {
    this.#volume = volume;
    this.#place = place;
    this.qid = this.getattr().qid;
  }

  read(): never {
    throw new FileError("EISDIR");
  }

  write(): never {
    throw new FileError("EBADF");
  }

  /**
   * The names are read at the start. Where they come without more, each is looked at when its turn comes, for its qid; its
   * attributes are remembered.
   */
  readdir(offset: number, count: number): readonly DirectoryEntry[] {
    if (offset === 0) this.#names = this.#place.directory().list();
    const entries: DirectoryEntry[] = [];
    for (let at = offset; at < this.#names.length && entries.length < count; at += 1) {
      const listed = this.#names[at];
      const found = listed && this.#found(listed);
      // Removed since.
      if (!found) continue;
      entries.push({ name: listed.name, ...found, offset: at + 1 });
    }
    return entries;
  }

  #found({ name, stats }: ListedName): Pick<DirectoryEntry, "qid" | "type"> | undefined {
    if (stats) return { qid: this.#volume.qidOf(stats), type: directoryTypeOf(Number(stats.mode)) };
    const attributes = this.#volume.find(this.#place, name);
    return attributes && { qid: attributes.qid, type: directoryTypeOf(attributes.mode) };
  }

  getattr(): Attributes {
    return this.#volume.attributesOfDirectory(this.#place.directory());
  }

  setattr(changes: AttributeChanges): void {
    this.#volume.changing();
    changeDirectory(this.#place.directory(), changes);
  }

  async fsync(): Promise<void> {
    await usingCopy(this.#place.directory(), (copy) => copy.fsync());
  }

  lock(request: LockRequest): LockStatus {
    return this.#volume.locks.set(this.qid.path, this, request);
  }

  getlock(request: LockRequest): LockRequest {
    return this.#volume.locks.test(this.qid.path, this, request);
  }

  close(): void {
    this.#volume.locks.release(this.qid.path, this);
    this.#place.release();
  }
}
