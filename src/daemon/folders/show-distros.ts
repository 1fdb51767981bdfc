import { setTimeout as delay } from "node:timers/promises";
import type { WinfspModule } from "../../../native/winfsp/native.d.ts";
import type { Logger } from "../../base/log.ts";
import { loadNativeAddon } from "../../base/windows/native-addon.ts";
import type { DistroFiles } from "../../distro/files/distro-files.ts";
import type { Registry } from "../../distro/registry.ts";
import { Folders } from "./folders.ts";

/** The first command has the daemon to itself. */
const DELAY_MS = 1000;
/** A file manager that is left open looks again and again; a terminal that is not, does not. */
const IDLE_MS = 5000;

export interface ShowDistrosOptions {
  readonly registry: Registry;
  readonly distroFiles: DistroFiles;
  /** On Linux: where the folders are made. On Windows undefined. */
  readonly directory: string | undefined;
  readonly log: Logger;
}

/**
 * Shows every distro that is in the registry as a folder of this host, from a moment after the daemon's start. A host that
 * cannot show them (no FUSE, no WinFsp) is no reason to do without the rest: the log says so.
 */
export class ShowDistros {
  readonly #options: ShowDistrosOptions;
  readonly #closing = new AbortController();
  readonly #showing: Promise<void>;
  #folders: Folders | undefined;

  constructor(options: ShowDistrosOptions) {
    this.#options = options;
    this.#showing = this.#begin().catch((error: unknown) => {
      if (!this.#closing.signal.aborted)
        options.log.warn("distributions are not shown as folders of this host", { error });
    });
  }

  /** Takes them all away. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#showing;
    await this.#folders?.close();
  }

  async #begin(): Promise<void> {
    const { registry, distroFiles, directory, log } = this.#options;
    await delay(DELAY_MS, undefined, { signal: this.#closing.signal, ref: false });
    // What it exports, by its own declaration.
    const addon = loadNativeAddon("winfsp") as WinfspModule;
    const missing = addon.whatIsMissing();
    if (missing !== null) {
      log.info("distributions are not shown as folders of this host", { missing });
      return;
    }
    this.#folders = new Folders({
      addon,
      directory,
      open: (name, signal) => distroFiles.open(name, {}, signal),
      idleMs: IDLE_MS,
      log,
    });
    registry.onChange(() => void this.#show());
    await this.#show();
  }

  async #show(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const shown = this.#options.registry.all.filter(({ removing }) => !removing).map(({ name }) => name);
    await this.#folders?.show(shown);
  }
}
