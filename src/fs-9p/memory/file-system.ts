import { FileError } from "../errors/file-error.ts";
import type { AttachRequest, FileNode, FileSystem } from "../file-system.ts";
import { NO_UID } from "../codec/messages.ts";
import { checkName } from "../names.ts";
import { MemoryNode } from "./node.ts";
import { Tree } from "./tree.ts";

/** A file system in this process's memory: for tests, and for showing what is no file. Permissions are not checked. */
export class MemoryFileSystem implements FileSystem {
  readonly #tree: Tree;

  /** The root belongs to `owner`; what users make belongs to them. */
  constructor(owner: { readonly uid: number; readonly gid: number } = { uid: 0, gid: 0 }) {
    this.#tree = new Tree(owner);
  }

  /** `path` is names with `/` between them, from the root. */
  attach({ uid, path }: AttachRequest): FileNode {
    let link = this.#tree.root;
    for (const name of path.split("/").filter((part) => part !== "")) {
      checkName(name);
      link = this.#tree.child(link.inode, name);
    }
    if (!link.inode.isDirectory) throw new FileError("ENOTDIR");
    return new MemoryNode(this.#tree, link, uid === NO_UID ? 0 : uid);
  }
}
