import { FileError } from "../../fs-9p/errors/file-error.ts";
import type { FileNode } from "../../fs-9p/file-system.ts";
import { QidType } from "../../fs-9p/linux.ts";
import { isErrno } from "./file-failure.ts";

/** As many links on the way as Linux takes, path_resolution(7). */
const MAX_LINKS = 40;

/** Where a path leads. Whoever gets it closes it. */
export interface Located {
  /** What is there; undefined when only the last name is missing, which {@link Located.name} then is. */
  readonly node: FileNode | undefined;
  /** The directory it is in, or would be; of the root the root. */
  readonly directory: FileNode;
  /** The last name; "" for the root. */
  readonly name: string;
  /** From the root, without symbolic links, `.` and `..`: a byte string. */
  readonly path: string;
  /** A slash ended the path: it can only mean a directory. */
  readonly slash: boolean;
  close(): Promise<void>;
}

/**
 * Follows a path (a byte string) from a root, symbolic links included, which never lead out of it: what the server does
 * not do, the kernel does for a program, and what has to be done by hand over 9P. A link at the end is followed when
 * `follow` is, or a slash comes after it. Raises ENOENT for a directory on the way, ENOTDIR, ELOOP.
 */
export async function locate(root: FileNode, path: string, follow: boolean): Promise<Located> {
  const walk = new PathWalk(root);
  try {
    return await walk.along(path, follow);
  } catch (error) {
    await walk.close();
    throw error;
  }
}

class PathWalk {
  readonly #root: FileNode;
  /** Below the root, one in the other. */
  readonly #nodes: FileNode[] = [];
  readonly #names: string[] = [];
  #links = 0;
  #slash = false;

  constructor(root: FileNode) {
    this.#root = root;
  }

  async along(path: string, follow: boolean): Promise<Located> {
    const rest = path.split("/").filter((name) => name !== "" && name !== ".");
    this.#slash = path.endsWith("/");
    const throughEnd = follow || this.#slash;
    for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
      if (name === "..") await this.#up();
      else {
        const node = await this.#walk(name, rest.length === 0);
        if (node === undefined) return this.#missing(name);
        const isLink = (node.qid.type & QidType.symlink) !== 0;
        if (isLink && (rest.length > 0 || throughEnd)) rest.unshift(...(await this.#target(node)));
        else this.#down(node, name);
      }
    }
    return this.#found();
  }

  async close(): Promise<void> {
    await Promise.all(this.#nodes.splice(0).map(async (node) => node.close()));
  }

  get #here(): FileNode {
    return this.#nodes.at(-1) ?? this.#root;
  }

  get #path(): string {
    return `/${this.#names.join("/")}`;
  }

  #found(): Located {
    return {
      node: this.#here,
      directory: this.#nodes.at(-2) ?? this.#root,
      name: this.#names.at(-1) ?? "",
      path: this.#path,
      slash: this.#slash,
      close: () => this.close(),
    };
  }

  #missing(name: string): Located {
    const path = this.#names.length === 0 ? `/${name}` : `${this.#path}/${name}`;
    const close = (): Promise<void> => this.close();
    return { node: undefined, directory: this.#here, name, path, slash: this.#slash, close };
  }

  /** Undefined when the last name is missing. */
  async #walk(name: string, isLast: boolean): Promise<FileNode | undefined> {
    try {
      return await this.#here.walk(name);
    } catch (error) {
      if (isLast && isErrno(error, "ENOENT")) return undefined;
      throw error;
    }
  }

  #down(node: FileNode, name: string): void {
    this.#nodes.push(node);
    this.#names.push(name);
  }

  async #up(): Promise<void> {
    this.#names.pop();
    await this.#nodes.pop()?.close();
  }

  /** The names that a link stands for; an absolute one begins at the root. */
  async #target(link: FileNode): Promise<string[]> {
    this.#links += 1;
    try {
      if (this.#links > MAX_LINKS) throw new FileError("ELOOP");
      const target = await link.readlink();
      if (target.startsWith("/")) {
        this.#names.length = 0;
        await this.close();
      }
      return target.split("/").filter((name) => name !== "" && name !== ".");
    } finally {
      await link.close();
    }
  }
}
