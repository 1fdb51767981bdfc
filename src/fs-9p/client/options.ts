import { timeouts } from "../../base/timeouts.ts";

export interface ClientOptions {
  /** The largest message, in bytes; the server may make it smaller. */
  readonly msize?: number;
  /** An answer takes no longer than this, in milliseconds. */
  readonly requestMs?: number;
  /** Pieces of one read or write that are under way at once. */
  readonly piecesInFlight?: number;
  /** How far a file that is read from front to back is read ahead, in bytes; 0 for not at all. */
  readonly readAheadBytes?: number;
  /** How long attributes are believed, in milliseconds; 0, the default, for not at all. */
  readonly attributesMs?: number;
  /** Gets a line for every message in both directions. */
  readonly trace?: ((line: string) => void) | undefined;
}

export const clientDefaults = {
  msize: 512 * 1024,
  requestMs: timeouts.fileRequest,
  piecesInFlight: 4,
  readAheadBytes: 2 * 1024 * 1024,
  attributesMs: 0,
} as const satisfies ClientOptions;
