/** Inode numbers below this are told apart by what is in the bits above: which device in which tree. */
const INODES = 2 ** 40;
/** Devices of trees that have such bits, which leaves half of the 53 for the rest. */
const BLOCKS = 2 ** 12;

/** Numbers the files of one tree. */
export interface QidPaths {
  /** Of a file: the same for as long as the server runs, below 2^53. */
  pathOf(device: number, inode: bigint): number;
}

/**
 * Qid paths of all trees that one server shows: unique by tree, device and inode number. A client takes one qid for one file,
 * and a directory for one that is in one place only (Linux: d_splice_alias), so a directory of the host that two trees show
 * is two directories. The first device's files in the first tree have their inode numbers, so that programs see the host's.
 */
export class QidTable {
  readonly #blocks = new Map<string, number>();
  readonly #others = new Map<string, number>();

  /** `number` tells this tree from the others; asked for again, it has the same files. */
  tree(number: number): QidPaths {
    const blocks = new Map<number, number>();
    return {
      pathOf: (device, inode) => {
        let block = blocks.get(device);
        if (block === undefined) {
          block = this.#block(`${number}:${device}`);
          blocks.set(device, block);
        }
        const low = Number(inode);
        return block < BLOCKS && low < INODES
          ? block * INODES + low
          : this.#given(`${number}:${device}:${inode}`);
      },
    };
  }

  #block(key: string): number {
    const known = this.#blocks.get(key);
    if (known !== undefined || this.#blocks.size >= BLOCKS) return known ?? BLOCKS;
    this.#blocks.set(key, this.#blocks.size);
    return this.#blocks.size - 1;
  }

  /** Inode numbers of 41 bits and more (network and overlay file systems) are counted as they come. */
  #given(key: string): number {
    let path = this.#others.get(key);
    if (path === undefined) {
      path = BLOCKS * INODES + this.#others.size;
      this.#others.set(key, path);
    }
    return path;
  }
}
