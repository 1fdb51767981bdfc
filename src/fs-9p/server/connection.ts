import type { Awaitable, FileSystem } from "../file-system.ts";
import type { FidTable } from "./fids.ts";
import type { SharedNode } from "./shared-node.ts";

/** What the handlers of requests know of their session. */
export interface Connection {
  readonly fileSystem: FileSystem;
  readonly fids: FidTable;
  /**
   * Runs `close` once no request that has begun is under way, since one of them may be using what is to be closed: at once
   * when there is none, as always with a synchronous file system. Only for a request that has not waited for anything yet.
   */
  retire(close: () => Awaitable<void>): Awaitable<void>;
  /** {@link retire} of a place that a fid has left. Nobody waits for it. */
  discard(place: SharedNode): void;
}
