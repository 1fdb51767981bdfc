import { FileError } from "../errors/file-error.ts";

/** What the memory file system lets one file grow to. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** The bytes of one file, in a buffer that doubles. */
export class Content {
  #bytes = Buffer.alloc(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  read(into: Uint8Array, offset: number): number {
    const part = this.#bytes.subarray(
      Math.min(offset, this.#length),
      Math.min(offset + into.length, this.#length),
    );
    into.set(part);
    return part.length;
  }

  write(from: Uint8Array, offset: number): void {
    const end = offset + from.length;
    if (end > this.#length && from.length > 0) this.resize(end);
    this.#bytes.set(from, Math.min(offset, this.#length));
  }

  /** EFBIG above {@link MAX_FILE_BYTES}; what is gained is zeros. */
  resize(length: number): void {
    if (length > MAX_FILE_BYTES) throw new FileError("EFBIG");
    if (length > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(length, Math.min(MAX_FILE_BYTES, this.#bytes.length * 2)));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    } else if (length < this.#length) {
      this.#bytes.fill(0, length, this.#length);
    }
    this.#length = length;
  }
}
