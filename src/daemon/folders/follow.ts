import { FileError } from "../../fs-9p/errors/file-error.ts";
import type { FileNode } from "../../fs-9p/file-system.ts";
import { QidType } from "../../fs-9p/linux.ts";
import { checkName } from "../../fs-9p/names.ts";

/** As many as Linux follows in one path (path_resolution(7)). */
const MAX_LINKS = 40;

export interface Start {
  /** The distro's `/`, where absolute links begin and above which nothing leads. Not closed. */
  readonly root: FileNode;
  /** Where the path begins. Not closed. */
  readonly from: FileNode;
}

const isLink = (node: FileNode): boolean => (node.qid.type & QidType.symlink) !== 0;

/**
 * The node that a path of names with `/` between them leads to, to be closed by the caller; undefined for an empty path, which is
 * `from` itself. With `follow`, symbolic links are followed inside the distro: their targets are paths of its tree.
 */
export async function walkPath(start: Start, path: string, follow: boolean): Promise<FileNode | undefined> {
  const walk = new Walk(start);
  const names = namesOf(path);
  for (const name of names) checkName(name);
  try {
    for (const name of names) await walk.step(name, follow);
    return walk.take();
  } finally {
    walk.leave();
  }
}

const namesOf = (path: string): string[] => path.split("/").filter((name) => name !== "" && name !== ".");

class Walk {
  readonly #start: Start;
  /** Ours to close; undefined at the start or the root, which are others'. */
  #own: FileNode | undefined;
  #at: FileNode;
  #links = 0;

  constructor(start: Start) {
    this.#start = start;
    this.#at = start.from;
  }

  async step(name: string, follow: boolean): Promise<void> {
    const next = await (name === ".." ? this.#at.parent() : this.#at.walk(name));
    if (!follow || !isLink(next)) {
      this.#goTo(next);
      return;
    }
    let target;
    try {
      this.#links += 1;
      if (this.#links > MAX_LINKS) throw new FileError("ELOOP");
      target = await next.readlink();
    } finally {
      await next.close();
    }
    if (target.startsWith("/")) this.#goTo(undefined);
    for (const part of namesOf(target)) await this.step(part, follow);
  }

  take(): FileNode | undefined {
    const taken = this.#own;
    this.#own = undefined;
    return taken;
  }

  leave(): void {
    void this.#own?.close();
    this.#own = undefined;
  }

  #goTo(node: FileNode | undefined): void {
    this.leave();
    this.#own = node;
    this.#at = node ?? this.#start.root;
  }
}
