export interface ServeOptions {
  /** The largest message, in bytes: what the client wants at most, and this at most. */
  readonly msize?: number;
  /** Fids at once; Linux has one for each file in its cache. */
  readonly maxFids?: number;
  /** Fids that are open at once: each is a descriptor of the server's process, or may be. */
  readonly maxOpen?: number;
  /** Requests waiting at once for a file system that answers with promises; more are not read. */
  readonly maxRequests?: number;
  /** Gets a line for every message in both directions. */
  readonly trace?: ((line: string) => void) | undefined;
  /** Gets what a file system threw that was no errno, translated or not: a defect worth a line in the log. */
  readonly onDefect?: ((error: unknown) => void) | undefined;
  /**
   * The stream is done with the bytes of a write when it calls back, so that their memory can be used again. True by
   * itself for a socket; so it is for a yamux stream over one.
   */
  readonly reusesWritten?: boolean;
}

export const DEFAULT_MSIZE = 1024 * 1024;
/** Too small for a Twalk of sixteen long names; Linux's own minimum. */
export const MIN_MSIZE = 4096;
export const DEFAULT_MAX_FIDS = 262_144;
export const DEFAULT_MAX_OPEN = 16_384;
export const DEFAULT_MAX_REQUESTS = 512;
