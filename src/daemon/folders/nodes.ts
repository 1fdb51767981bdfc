import { FileError } from "../../fs-9p/errors/file-error.ts";
import type { FileNode } from "../../fs-9p/file-system.ts";
import { Shared } from "./shared.ts";

/** The operating system's number for a folder's root. */
export const ROOT = 1;

interface Known {
  readonly number: number;
  readonly path: number;
  readonly type: number;
  node: Shared<FileNode>;
  /** Of the directory in which it was last looked up. */
  directory: number;
  lookups: number;
}

/**
 * What the operating system knows by number: each file once, whatever its names, until it forgets it. A file that was looked up
 * anew is reached by the name that was used last, so that no name stays in use that has been removed meanwhile.
 */
export class Nodes {
  readonly #byNumber = new Map<number, Known>();
  readonly #byPath = new Map<number, Known>();
  #next = ROOT + 1;

  get size(): number {
    return this.#byNumber.size;
  }

  /** Takes over a node that was walked to from this directory; it counts as looked up once. */
  add(node: FileNode, directory: number): number {
    const { path, type } = node.qid;
    const known = this.#byPath.get(path);
    // A number that comes again with another type belongs to another file.
    if (known?.type === type) {
      known.node.letGo();
      known.node = new Shared(node);
      known.directory = directory;
      known.lookups += 1;
      return known.number;
    }
    const added = { number: this.#next, path, type, node: new Shared(node), directory, lookups: 1 };
    this.#next += 1;
    this.#byNumber.set(added.number, added);
    this.#byPath.set(path, added);
    return added.number;
  }

  /** ESTALE, on which Linux looks the path up again, for what is known no more. */
  get(number: number): Shared<FileNode> {
    const known = this.#byNumber.get(number);
    if (!known) throw new FileError("ESTALE");
    return known.node;
  }

  /** The directory in which a file was last looked up. ESTALE as {@link get}. */
  directoryOf(number: number): number {
    const known = this.#byNumber.get(number);
    if (!known) throw new FileError("ESTALE");
    return known.directory;
  }

  forget(number: number, count: number): void {
    const known = this.#byNumber.get(number);
    if (!known) return;
    known.lookups -= count;
    if (known.lookups > 0) return;
    this.#byNumber.delete(number);
    if (this.#byPath.get(known.path) === known) this.#byPath.delete(known.path);
    known.node.letGo();
  }

  /** The files are gone. Numbers are never given again. */
  clear(): void {
    for (const { node } of this.#byNumber.values()) node.letGo();
    this.#byNumber.clear();
    this.#byPath.clear();
  }
}
