import type { Awaitable, FileNode } from "../file-system.ts";

/** A node that several fids of one attach may have: a Twalk without names gives it a second fid. */
export class SharedNode {
  readonly node: FileNode;
  /** The qid path of what was attached, above which `..` does not lead. */
  readonly root: number;
  #users = 1;

  constructor(node: FileNode, root: number) {
    this.node = node;
    this.root = root;
  }

  share(): SharedNode {
    this.#users += 1;
    return this;
  }

  /** Closes the node when this was its last user. */
  release(): Awaitable<void> {
    this.#users -= 1;
    if (this.#users === 0) return this.node.close();
  }
}
