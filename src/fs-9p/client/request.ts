import type { TswslError } from "../../base/errors.ts";
import type { AnyBody } from "../codec/messages.ts";
import type { FileError } from "../errors/file-error.ts";

/** A request that has been sent and not answered. */
export interface Request {
  /** The message number of its answer. */
  readonly answer: number;
  /** When it is given up, by performance.now(). */
  readonly expires: number;
  /** Where an Rread's payload goes. */
  readonly into: Uint8Array | undefined;
  readonly resolve: (body: AnyBody) => void;
  readonly reject: (error: TswslError | FileError) => void;
  /** Nobody waits for it any more; see RequestOptions.late. */
  readonly late: ((body: AnyBody | undefined) => void) | undefined;
  abandoned: boolean;
}

export interface RequestOptions {
  /** Ends the wait with `cancelled` and tells the server to forget the request (Tflush). */
  readonly signal?: AbortSignal | undefined;
  /** The payload of an Rread is copied there as it arrives; the answer's data is that part of it. */
  readonly into?: Uint8Array | undefined;
  /**
   * Called once when a request whose wait has ended early is over for the server too: with its answer when it has
   * succeeded all the same, so that what it made can be undone.
   */
  readonly late?: ((body: AnyBody | undefined) => void) | undefined;
}
