import type { WinfspModule } from "../../../native/winfsp/native.d.ts";
import type { Logger } from "../../base/log.ts";
import { Folder } from "./folder.ts";
import type { SharedFiles } from "./lazy-files.ts";
import { MountPoints } from "./mount-points.ts";

/** The first part of `\\tswsl$\NAME`. */
const SERVER = "tswsl$";

export interface FoldersOptions {
  readonly addon: WinfspModule;
  /** On Linux: where the folders are made, `~/tswsl`. On Windows undefined. */
  readonly directory: string | undefined;
  /** Opens a distro's files, starting it for that; {@link DistroFiles.open}. */
  readonly open: (name: string, signal: AbortSignal) => Promise<SharedFiles>;
  /** See {@link FolderOptions.idleMs}. */
  readonly idleMs: number;
  readonly log: Pick<Logger, "warn">;
}

/**
 * Shows each distro's files to the programs of this host: as `\\tswsl$\NAME` on Windows, as a folder of the user's on Linux. Looking
 * into one starts its distro.
 */
export class Folders {
  readonly #options: FoldersOptions;
  readonly #points: MountPoints | undefined;
  readonly #shown = new Map<string, Folder>();
  #work: Promise<void> = Promise.resolve();

  constructor(options: FoldersOptions) {
    this.#options = options;
    this.#points = options.directory === undefined ? undefined : new MountPoints(options.directory);
  }

  /** Shows these distros, and no others. One that cannot be shown is logged, and tried again the next time. */
  async show(names: readonly string[]): Promise<void> {
    return await this.#afterOthers(async () => {
      for (const name of this.#shown.keys()) if (!names.includes(name)) await this.#hide(name);
      for (const name of names) if (!this.#shown.has(name)) await this.#show(name);
    });
  }

  /** Takes all away, whoever uses them. */
  async close(): Promise<void> {
    return await this.#afterOthers(async () => {
      for (const name of this.#shown.keys()) await this.#hide(name);
      await this.#points?.close();
    });
  }

  async #show(name: string): Promise<void> {
    const { addon, open, idleMs, log } = this.#options;
    try {
      const mountPoint = (await this.#points?.make(name)) ?? "";
      const folder = await Folder.show({
        addon,
        mountPoint,
        prefix: this.#points ? "" : `\\${SERVER}\\${name}`,
        open: (signal) => open(name, signal),
        idleMs,
      });
      this.#shown.set(name, folder);
    } catch (error) {
      await this.#points?.remove(name);
      log.warn("a distribution's files cannot be shown", { distro: name, error });
    }
  }

  async #hide(name: string): Promise<void> {
    const folder = this.#shown.get(name);
    this.#shown.delete(name);
    await folder?.close();
    await this.#points?.remove(name);
  }

  async #afterOthers(work: () => Promise<void>): Promise<void> {
    const done = this.#work.then(work);
    this.#work = done.catch(() => undefined);
    return await done;
  }
}
