import type { Attributes } from "../file-system.ts";

const MAX_FILES = 4096;

/** Attributes by qid path, believed for a while and until this client changes the file. */
export class AttributeCache {
  readonly #forMs: number;
  readonly #files = new Map<number, { readonly attributes: Attributes; readonly until: number }>();

  /** 0 remembers nothing. */
  constructor(forMs: number) {
    this.#forMs = forMs;
  }

  get(path: number): Attributes | undefined {
    const known = this.#files.get(path);
    if (!known) return undefined;
    if (known.until > performance.now()) return known.attributes;
    this.#files.delete(path);
    return undefined;
  }

  set(attributes: Attributes): void {
    if (this.#forMs === 0) return;
    if (this.#files.size >= MAX_FILES) this.#files.clear();
    this.#files.set(attributes.qid.path, { attributes, until: performance.now() + this.#forMs });
  }

  forget(path: number): void {
    this.#files.delete(path);
  }

  clear(): void {
    this.#files.clear();
  }
}
