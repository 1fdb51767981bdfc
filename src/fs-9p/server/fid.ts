import { attempt, chain, ensure } from "../awaitable.ts";
import { FileError } from "../errors/file-error.ts";
import type { Awaitable, FileNode, OpenFile } from "../file-system.ts";
import type { SharedNode } from "./shared-node.ts";
import type { XattrTransfer } from "./xattr-transfer.ts";

/** What a fid stands for: a node, and what has been opened of it. */
export class Fid {
  /** The fid reads or writes an extended attribute instead of a file. */
  xattr: XattrTransfer | undefined;
  #place: SharedNode;
  #file: OpenFile | undefined;
  #opening = false;

  constructor(place: SharedNode) {
    this.#place = place;
  }

  get place(): SharedNode {
    return this.#place;
  }

  get node(): FileNode {
    return this.#place.node;
  }

  /** Undefined for a fid that has not been opened. */
  get file(): OpenFile | undefined {
    return this.#file;
  }

  /** EBADF for a fid that has not been opened. */
  get opened(): OpenFile {
    if (!this.#file) throw new FileError("EBADF");
    return this.#file;
  }

  /** EBUSY when the fid is open, being opened, or an attribute's: its place is not to change. */
  checkUnopened(): void {
    if (this.#file || this.#opening || this.xattr) throw new FileError("EBUSY");
  }

  /** Runs what opens this fid, which happens once. */
  open(work: () => Awaitable<OpenFile>): Awaitable<OpenFile> {
    this.checkUnopened();
    this.#opening = true;
    return attempt(
      () =>
        chain(work(), (file) => {
          this.#opening = false;
          this.#file = file;
          return file;
        }),
      (error) => {
        this.#opening = false;
        throw error;
      },
    );
  }

  /** The fid stands for another place; returns the one it has left, for the caller to release. */
  moveTo(place: SharedNode): SharedNode {
    const left = this.#place;
    this.#place = place;
    return left;
  }

  /** Closes what is open, then the node. */
  close(): Awaitable<void> {
    return ensure(
      () => this.#file?.close(),
      () => this.#place.release(),
    );
  }
}
