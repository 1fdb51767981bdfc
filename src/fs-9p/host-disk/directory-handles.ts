import type { HostDirectory } from "./host-directory.ts";

/** What has an open directory that it can do without. */
export interface HandleOwner {
  closeHandle(): void;
}

/**
 * The open directories of a volume, of which few more than a limit are kept: those that were opened first are closed. Their
 * owners open them again, by name, when they are wanted. So neither a client that walks through all of a large disk nor a
 * hostile one takes the process all its descriptors.
 */
export class DirectoryHandles {
  readonly #limit: number;
  readonly #forMs: number;
  readonly #open = new Set<HandleOwner>();
  #timer: NodeJS.Timeout | undefined;

  /** `forMs`: all are closed so long after the first of them was opened. */
  constructor(limit: number, forMs = Infinity) {
    this.#limit = limit;
    this.#forMs = forMs;
  }

  add(owner: HandleOwner): void {
    this.#open.add(owner);
    if (this.#timer !== undefined || this.#forMs === Infinity) return;
    this.#timer = setTimeout(() => this.#closeAll(), this.#forMs).unref();
  }

  /** Between two turns no open directory is in use. */
  #closeAll(): void {
    this.#timer = undefined;
    for (const owner of this.#open) owner.closeHandle();
  }

  /** To be called where nothing is under way: no open directory may be in use. */
  trim(): void {
    if (this.#open.size <= this.#limit) return;
    for (const owner of this.#open) {
      owner.closeHandle();
      if (this.#open.size <= this.#limit) return;
    }
  }

  delete(owner: HandleOwner): void {
    this.#open.delete(owner);
  }
}

/** Runs what uses a directory for longer than a call: from a second descriptor, so that the first may be closed. */
export async function usingCopy<T>(
  directory: HostDirectory,
  work: (copy: HostDirectory) => Promise<T>,
): Promise<T> {
  const copy = directory.openDirectory(".");
  try {
    return await work(copy);
  } finally {
    copy.close();
  }
}
