import { TswslError } from "../base/errors.ts";

/** Kept free on the host's disk: what the guest still writes after it was told to stop, and for the host itself. */
const RESERVE_BYTES = 256 * 1024 ** 2;
const PERIOD_MS = 250;

/** What is watched: where the store is, and what is free there. */
export interface WatchedDisk {
  readonly path: string;
  freeBytes(): Promise<number>;
}

/**
 * Watches the host's disk while something large is written into the store: a disk that is full stops the whole virtual
 * machine and every distro with it, so what is written gives up before.
 */
export class SpaceWatch {
  readonly #disk: WatchedDisk;
  readonly #low = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(disk: WatchedDisk) {
    this.#disk = disk;
    this.#timer = setInterval(() => this.#look(), PERIOD_MS);
    this.#timer.unref();
  }

  /** Fires when too little is left; its reason is `unavailable` for the user. */
  get signal(): AbortSignal {
    return this.#low.signal;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Raises `unavailable` when so many bytes certainly do not fit. */
  async require(bytes: number): Promise<void> {
    const free = await this.#disk.freeBytes();
    if (free < bytes + RESERVE_BYTES) throw tooLittle(this.#disk, free, bytes + RESERVE_BYTES);
  }

  #look(): void {
    const look = async (): Promise<void> => {
      const free = await this.#disk.freeBytes();
      if (free < RESERVE_BYTES) this.#low.abort(tooLittle(this.#disk, free, RESERVE_BYTES));
    };
    // A disk that cannot be asked will not be written either.
    look().catch(() => undefined);
  }
}

function tooLittle({ path }: WatchedDisk, free: number, needed: number): TswslError {
  const mebibytes = (bytes: number): number => Math.floor(bytes / 1024 ** 2);
  return new TswslError(
    "unavailable",
    `the disk that holds ${path} is too full: ${mebibytes(free)} MiB are free, ${mebibytes(needed)} MiB are needed`,
    { hint: `Free some space there: df -h ${path}` },
  );
}
