import type { FileNode } from "../../fs-9p/file-system.ts";

/** The files of a distro, open. What {@link DistroFiles.open} gives is one. */
export interface SharedFiles {
  /** The distro's `/`. Not ours to close. */
  readonly root: FileNode;
  /** Whose files are made: the distro's user as whom they are open. */
  readonly account: { readonly gid: number };
  /** Fires when the files are gone. */
  readonly signal: AbortSignal;
  readonly release: () => void;
}

export interface LazyFilesOptions {
  /** Opens the files, starting the distro for that. */
  readonly open: (signal: AbortSignal) => Promise<SharedFiles>;
  /** They are given back when nobody has asked for them so long, and nothing is open. */
  readonly idleMs: number;
  readonly isBusy: () => boolean;
  /** The files are gone or given back: nothing of them is of use any more. */
  readonly onGone: () => void;
}

/** Files that are opened when they are first wanted, given back when they are not, and opened again after they were gone. */
export class LazyFiles {
  readonly #options: LazyFilesOptions;
  readonly #closing = new AbortController();
  #opening: Promise<SharedFiles> | undefined;
  #open: SharedFiles | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: LazyFilesOptions) {
    this.#options = options;
  }

  /** What is open now. */
  get current(): SharedFiles | undefined {
    return this.#open;
  }

  /** Raises what opening raises, to all who wait for it. */
  async get(): Promise<SharedFiles> {
    this.#closing.signal.throwIfAborted();
    this.#watchIdle();
    if (this.#open) return this.#open;
    this.#opening ??= this.#start();
    return await this.#opening;
  }

  close(): void {
    this.#closing.abort();
    this.#giveBack();
  }

  async #start(): Promise<SharedFiles> {
    try {
      const files = await this.#options.open(this.#closing.signal);
      this.#open = files;
      const gone = (): void => {
        if (this.#open === files) this.#giveBack();
      };
      if (files.signal.aborted || this.#closing.signal.aborted) gone();
      else files.signal.addEventListener("abort", gone, { once: true });
      return files;
    } finally {
      this.#opening = undefined;
    }
  }

  #watchIdle(): void {
    if (this.#idle) {
      this.#idle.refresh();
      return;
    }
    this.#idle = setTimeout(() => {
      this.#idle = undefined;
      if (this.#opening || this.#options.isBusy()) this.#watchIdle();
      else this.#giveBack();
    }, this.#options.idleMs).unref();
  }

  #giveBack(): void {
    clearTimeout(this.#idle);
    this.#idle = undefined;
    const files = this.#open;
    if (!files) return;
    this.#open = undefined;
    this.#options.onGone();
    files.release();
  }
}
