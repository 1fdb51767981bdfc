import { FileError } from "../../fs-9p/errors/file-error.ts";
import type { OpenFile } from "../../fs-9p/file-system.ts";
import { Shared } from "./shared.ts";

/** Open files by the number that the operating system has for them. */
export class Handles {
  readonly #files = new Map<number, Shared<OpenFile>>();
  #next = 1;

  get size(): number {
    return this.#files.size;
  }

  add(file: OpenFile): number {
    const number = this.#next;
    this.#next += 1;
    this.#files.set(number, new Shared(file));
    return number;
  }

  get(number: number): Shared<OpenFile> {
    const file = this.#files.get(number);
    if (!file) throw new FileError("EBADF");
    return file;
  }

  release(number: number): void {
    const file = this.#files.get(number);
    this.#files.delete(number);
    file?.letGo();
  }

  clear(): void {
    for (const number of this.#files.keys()) this.release(number);
  }
}
