import { FileError } from "../errors/file-error.ts";
import type { Awaitable, FileNode } from "../file-system.ts";

/** The largest value Linux has (XATTR_SIZE_MAX). */
export const XATTR_SIZE_MAX = 65_536;

/** An extended attribute as a fid reads it, or as it is being written until the fid is clunked. */
export class XattrTransfer {
  readonly #value: Uint8Array;
  readonly #set: { readonly name: string; readonly flags: number } | undefined;
  #written = 0;

  /** With `set` the value is to be written and then set; without, it is there to be read. */
  constructor(value: Uint8Array, set?: { readonly name: string; readonly flags: number }) {
    this.#value = value;
    this.#set = set;
  }

  read(into: Uint8Array, offset: number): number {
    if (this.#set) throw new FileError("EINVAL");
    const part = this.#value.subarray(offset, offset + into.length);
    into.set(part);
    return part.length;
  }

  write(from: Uint8Array, offset: number): number {
    if (!this.#set || offset !== this.#written) throw new FileError("EINVAL");
    if (offset + from.length > this.#value.length) throw new FileError("ENOSPC");
    this.#value.set(from, offset);
    this.#written += from.length;
    return from.length;
  }

  /** At the clunk: sets what has been written; an attribute of no bytes is removed, as Linux's client asks for it. */
  finish(node: FileNode): Awaitable<void> {
    if (!this.#set) return;
    if (this.#written !== this.#value.length) throw new FileError("EINVAL");
    const { name, flags } = this.#set;
    return this.#written === 0 ? node.removexattr(name) : node.setxattr(name, this.#value, flags);
  }
}
