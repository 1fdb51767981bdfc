/** Inode numbers below this are told apart by their device in the bits above. */
const INODES = 2 ** 48;
/** Devices that have such bits, which leaves half of the 53 for the rest. */
const DEVICES = 16;

/**
 * Qid paths of files: unique by device and inode number, the same for as long as the server runs, below 2^53. The first
 * device's files have their inode numbers, so that programs see those of the host.
 */
export class QidPaths {
  readonly #devices = new Map<number, number>();
  readonly #others = new Map<string, number>();

  pathOf(device: number, inode: bigint): number {
    let index = this.#devices.get(device);
    if (index === undefined) {
      index = this.#devices.size;
      this.#devices.set(device, index);
    }
    const number = Number(inode);
    return index < DEVICES && number < INODES ? index * INODES + number : this.#given(`${device}:${inode}`);
  }

  /** Inode numbers of 49 bits and more (network and overlay file systems) are counted as they come. */
  #given(key: string): number {
    let path = this.#others.get(key);
    if (path === undefined) {
      path = DEVICES * INODES + this.#others.size;
      this.#others.set(key, path);
    }
    return path;
  }
}
