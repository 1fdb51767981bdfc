import type { Qid } from "../../../fs-9p/index.ts";

/** So many files are remembered since the last time that so many were; see {@link KnownFiles}. */
const GENERATION = 32 * 1024;
/** As many folders as the guest can have open at once, and some that it had before. */
const MAX_ROOTS = 1024;
/** Linux has no deeper path: 4096 bytes, two for each directory. */
const MAX_DEPTH = 2048;

interface Known {
  readonly directory: number;
  readonly name: string;
  readonly isDirectory: boolean;
}

/** Where a file is: below which of the folders that the guest has asked for, by which names. */
export interface KnownPlace {
  readonly asked: string;
  readonly names: readonly string[];
  readonly isDirectory: boolean;
  /** Qid path of the directory it is in; undefined for the folder itself. */
  readonly directory: number | undefined;
}

/**
 * The names by which the guest has come to files, by their qid paths. The guest's kernel says of a watched file only which
 * it is, and walks to it just before; so the files of a while are enough: those of the present generation and of the one
 * before it, a file that is asked for being one of the present.
 */
export class KnownFiles {
  #young = new Map<number, Known>();
  #old = new Map<number, Known>();
  readonly #roots = new Map<number, string>();

  /** This is a folder that the guest has asked for under that name. */
  root(file: number, asked: string): void {
    this.#roots.delete(file);
    this.#roots.set(file, asked);
    const [oldest] = this.#roots.keys();
    if (this.#roots.size > MAX_ROOTS && oldest !== undefined) this.#roots.delete(oldest);
  }

  found(directory: number, name: string, { path, type }: Qid): void {
    const known = this.#young.get(path);
    if (known && known.directory === directory && known.name === name) return;
    this.#remember(path, { directory, name, isDirectory: (type & 0x80) !== 0 });
  }

  /** The last name that was found for it, in which directory. */
  nameOf(file: number): { readonly directory: number; readonly name: string } | undefined {
    return this.#recall(file);
  }

  /** Whether a file is what that name in that directory was found to be, or is below it. */
  isBelow(file: number, directory: number, name: string): boolean {
    let at = file;
    for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
      const step = this.#recall(at);
      if (!step) return false;
      if (step.directory === directory && step.name === name) return true;
      at = step.directory;
    }
    return false;
  }

  /** Undefined for a file that the guest has not come to for long. */
  placeOf(file: number): KnownPlace | undefined {
    const names: string[] = [];
    const known = this.#roots.has(file) ? undefined : this.#recall(file);
    let at = file;
    let asked = this.#roots.get(at);
    while (asked === undefined) {
      const step = this.#recall(at);
      // Names of different times may contradict each other.
      if (!step || names.length >= MAX_DEPTH) return undefined;
      names.push(step.name);
      at = step.directory;
      asked = this.#roots.get(at);
    }
    return {
      asked,
      names: names.toReversed(),
      isDirectory: known?.isDirectory ?? true,
      directory: known?.directory,
    };
  }

  #recall(file: number): Known | undefined {
    const young = this.#young.get(file);
    if (young) return young;
    const old = this.#old.get(file);
    if (old) this.#remember(file, old);
    return old;
  }

  #remember(file: number, known: Known): void {
    this.#young.set(file, known);
    if (this.#young.size < GENERATION) return;
    this.#old = this.#young;
    this.#young = new Map();
  }
}
