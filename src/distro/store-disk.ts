import { rename, rm, stat, statfs } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import * as v from "valibot";
import { asTswslError, TswslError } from "../base/errors.ts";
import { StateFile } from "../base/state-file.ts";
import type { DiskFormat } from "../vm/disk-format.ts";

/** Nominal size. The file takes what is stored, and gives back what the guest discards. */
const STORE_BYTES = 256 * 1024 ** 3;
/** Under this much free space on the host an installation would soon fail in the middle. */
const MIN_FREE_BYTES = 512 * 1024 ** 2;

const StoreState = v.object({ version: v.literal(1), formattedAt: v.string() });

/**
 * The disk that holds every distro: one file. The guest may format it once, when it is new; that this has
 * happened is written beside it, so that a damaged disk is never taken for a blank one.
 */
export class StoreDisk {
  readonly path: string;
  readonly #format: DiskFormat;
  readonly #state: StateFile<typeof StoreState>;

  constructor(path: string, format: DiskFormat) {
    this.path = path;
    this.#format = format;
    this.#state = new StateFile(`${path}.json`, StoreState);
  }

  /** Makes the file if it is missing. Raises `unavailable` without space, `invalid-state` if a formatted one is gone. */
  async ensure(): Promise<void> {
    const exists = await stat(this.path).then(() => true, isMissing);
    if (exists) return;
    if (await this.isFormatted()) {
      throw new TswslError("invalid-state", `the store disk ${this.path} is missing`, {
        hint: `Put it back, or begin again without its distributions: rm '${this.#state.path}'`,
      });
    }
    await checkSpace(dirname(this.path));
    // Windows takes no VHDX under another ending.
    const partial = join(dirname(this.path), `partial-${basename(this.path)}`);
    await rm(partial, { force: true });
    try {
      await this.#format.create(partial, STORE_BYTES);
    } catch (error) {
      await rm(partial, { force: true });
      const { message, hint } = asTswslError(error);
      throw new TswslError("unavailable", `cannot make the store disk ${this.path}: ${message}`, {
        cause: error,
        hint,
      });
    }
    await rename(partial, this.path);
  }

  async isFormatted(): Promise<boolean> {
    return (await this.#state.read()) !== undefined;
  }

  async markFormatted(): Promise<void> {
    if (await this.isFormatted()) return;
    await this.#state.write({ version: 1, formattedAt: new Date().toISOString() });
  }

  /** Bytes that the host's disk still has for it. */
  freeBytes(): Promise<number> {
    return freeBytesIn(dirname(this.path));
  }

  /** Bytes the file takes on the host now; 0 before it exists. */
  async hostBytes(): Promise<number> {
    const found = await stat(this.path).catch(() => undefined);
    return found === undefined ? 0 : found.blocks * 512;
  }
}

function isMissing(error: NodeJS.ErrnoException): false {
  if (error.code === "ENOENT") return false;
  throw new TswslError("permission", `cannot use the store disk: ${error.message}`, { cause: error });
}

async function freeBytesIn(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

async function checkSpace(directory: string): Promise<void> {
  const free = await freeBytesIn(directory);
  if (free >= MIN_FREE_BYTES) return;
  throw new TswslError("unavailable", `only ${Math.floor(free / 1024 ** 2)} MiB are free in ${directory}`, {
    hint: "Free some disk space, or put tswsl's files elsewhere: TSWSL_HOME=/path tswsl …",
  });
}
