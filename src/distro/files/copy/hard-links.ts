import type { Attributes } from "../../../fs-9p/file-system.ts";

/** The names below the copy's root that lead to a file; undefined when that could not be copied. */
type FirstCopy = Promise<readonly string[] | undefined>;

/**
 * Which files of the source have been copied under another name. A file's number alone is not enough, since a tree may
 * reach over several file systems, and 9P does not tell them apart.
 */
export class HardLinks {
  readonly #copies = new Map<string, FirstCopy>();

  /** Runs `copy` for the first name of a file; what it made, for the others, is waited for. */
  async first(
    from: Attributes,
    path: readonly string[],
    copy: () => Promise<void>,
  ): Promise<readonly string[] | undefined> {
    const key = keyOf(from);
    const known = this.#copies.get(key);
    if (known !== undefined) return known;
    const { promise, resolve } = Promise.withResolvers<readonly string[] | undefined>();
    this.#copies.set(key, promise);
    try {
      await copy();
      resolve(path);
    } catch (error) {
      resolve(undefined);
      this.#copies.delete(key);
      throw error;
    }
    return path;
  }
}

function keyOf({ qid, links, size, mode, uid, modified }: Attributes): string {
  return [qid.path, links, size, mode, uid, modified.seconds, modified.nanoseconds].join(" ");
}
