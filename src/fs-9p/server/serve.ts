import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { asTswslError, type TswslError } from "../../base/errors.ts";
import type { FileSystem } from "../file-system.ts";
import type { ServeOptions } from "./options.ts";
import { Session } from "./session.ts";

export interface Served {
  /**
   * Resolves once, when the session is over, the stream released and every node closed: with the reason, or undefined when
   * the client has ended it or {@link close} was called. Never rejects.
   */
  readonly closed: Promise<TswslError | undefined>;
  /** Fids the client has now. */
  readonly fidCount: number;
  /** Ends the session. Idempotent; resolves as {@link closed} does. */
  close(): Promise<TswslError | undefined>;
}

/** What is left of the answers has this long to be taken by a client that has ended its side. */
const LINGER_MS = 1000;

/**
 * Serves a file system as 9P2000.L over a stream, which it owns from now on.
 *
 * **Order.** Requests begin in the order in which they come. With a synchronous file system each is answered before the
 * next is looked at. What a file system answers with promises runs at the same time, and answers go out as they come. A fid
 * exists once its answer has been sent; a client that uses it earlier gets EBADF. A fid that is clunked (or has moved) is
 * closed once every request that had begun by then is done, and so is Rclunk sent.
 *
 * **Flush.** Rflush follows the answer to the request it names.
 *
 * **Limits.** Messages of at most msize; fids, waiting requests and unread answers as in {@link ServeOptions}; a client
 * that goes over the last two is not read until it has caught up. Unknown and malformed messages are answered with Rlerror. A
 * size that cannot be, or a tag in use, ends the session, and only that.
 *
 * **Names.** Checked here, once (names.ts). `..` does not lead above what was attached.
 */
export function serve(stream: Duplex, fileSystem: FileSystem, options: ServeOptions = {}): Served {
  const { promise: closed, resolve } = Promise.withResolvers<TswslError | undefined>();
  let over = false;
  const session = new Session(stream, fileSystem, {
    ...options,
    reusesWritten: options.reusesWritten ?? stream instanceof Socket,
    onViolation: (error) => finish(asTswslError(error)),
  });
  const finish = (reason: TswslError | undefined): void => {
    if (over) return;
    over = true;
    const end = async (): Promise<void> => {
      await session.end();
      if (reason) stream.destroy();
      else await endStream(stream);
      resolve(reason);
    };
    end().catch((error: unknown) => resolve(asTswslError(error)));
  };
  stream.on("data", (chunk: Buffer) => {
    if (over) return;
    try {
      session.receive(chunk);
    } catch (error) {
      finish(asTswslError(error));
    }
  });
  stream.once("end", () => finish(undefined));
  stream.once("close", () => finish(undefined));
  // A client that goes away is the ordinary end of a session; what the stream says about it, "close" follows.
  stream.on("error", () => {});
  return {
    closed,
    get fidCount(): number {
      return session.fids.size;
    },
    close: async () => {
      finish(undefined);
      return await closed;
    },
  };
}

async function endStream(stream: Duplex): Promise<void> {
  if (stream.destroyed) return;
  const { promise: sent, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, LINGER_MS);
  stream.once("close", resolve);
  stream.end(resolve);
  await sent;
  clearTimeout(timer);
  stream.destroy();
}
