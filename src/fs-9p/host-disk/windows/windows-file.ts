import { FileError } from "../../errors/file-error.ts";
import type { AttributeChanges } from "../../file-system.ts";
import { O_ACCMODE, O_APPEND, O_WRONLY } from "../../linux.ts";
import type { HostFile, HostStats } from "../host-directory.ts";
import { timesOf } from "../times.ts";
import { changeMode, changeOwner, changeTimes, changingAccess } from "./changes.ts";
import { encodeEndOfFile } from "./information.ts";
import { fileInformation, status } from "./nt.ts";
import { checked, type WindowsVolume } from "./volume.ts";
import { windowsStats } from "./windows-stats.ts";

/** FILE_WRITE_TO_END_OF_FILE. */
const END = -1;

export interface OpenedFile {
  readonly handle: number;
  /** Whether it has the rights to change attributes. */
  readonly changes: boolean;
}

/** A regular file by its handle. */
export class WindowsFile implements HostFile {
  readonly #volume: WindowsVolume;
  readonly #handle: number;
  readonly #flags: number;
  readonly #changes: boolean;

  /** Takes over the handle, which was opened as `flags` (O_* of Linux) say. */
  constructor(volume: WindowsVolume, { handle, changes }: OpenedFile, flags: number) {
    this.#volume = volume;
    this.#handle = handle;
    this.#changes = changes;
    this.#flags = flags;
  }

  stat(): HostStats {
    const { facts, options } = this.#volume;
    return windowsStats(this.#volume.factsOf(this.#handle), facts, { options });
  }

  read(into: Uint8Array, offset: number): number {
    if ((this.#flags & O_ACCMODE) === O_WRONLY) throw new FileError("EBADF");
    const length = this.#volume.ntfs.read(this.#handle, into, offset);
    return length === status.endOfFile ? 0 : checked(length);
  }

  /** All of it: Windows writes nothing where there is not room for the whole. */
  write(from: Uint8Array, offset: number): number {
    if ((this.#flags & O_ACCMODE) === 0) throw new FileError("EBADF");
    const at = (this.#flags & O_APPEND) === 0 ? offset : END;
    return checked(this.#volume.ntfs.write(this.#handle, from, at));
  }

  change(changes: AttributeChanges): void {
    const { size, mode, uid, gid } = changes;
    const volume = this.#volume;
    if (size !== undefined) volume.change(this.#handle, fileInformation.endOfFile, encodeEndOfFile(size));
    if (uid !== undefined || gid !== undefined)
      this.#with(changingAccess.owner(volume), (handle) => changeOwner(volume, handle, { uid, gid }));
    if (mode !== undefined)
      this.#with(changingAccess.mode(volume), (handle) => changeMode(volume, handle, mode));
    const times = timesOf(changes);
    if (times) this.#with(changingAccess.times(), (handle) => changeTimes(volume, handle, times));
  }

  /** By the empty name the file itself is opened again; that cannot be done any more when it has been removed. */
  #with(access: number, change: (handle: number) => void): void {
    if (this.#changes) change(this.#handle);
    else this.#volume.using(this.#handle, "", { access }, change);
  }

  async sync(): Promise<void> {
    // A handle that cannot write has written nothing, and may not flush.
    if ((this.#flags & O_ACCMODE) === 0) return;
    checked(await this.#volume.ntfs.flush(this.#handle));
  }

  /** Windows opens nothing that is removed. */
  reopen(): never {
    throw new FileError("ENOENT");
  }

  close(): void {
    this.#volume.close(this.#handle);
  }
}
