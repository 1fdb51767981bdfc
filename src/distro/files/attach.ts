import type { Duplex } from "node:stream";
import { TswslError } from "../../base/errors.ts";
import { timeouts } from "../../base/timeouts.ts";
import { Client } from "../../fs-9p/client/client.ts";
import type { FileNode } from "../../fs-9p/file-system.ts";
import type { Account } from "./account.ts";

/** A distro's file system, as one of its users sees it, over a connection of its own. */
export interface Attached {
  readonly root: FileNode;
  /** Fires when the connection is over; its reason says why. */
  readonly closed: AbortSignal;
  readonly close: () => void;
}

/**
 * Speaks 9P with the server in a distro over a stream, which it owns from then on. No answer is waited for longer than
 * `timeouts.guestFiles`. Raises what the client raises, the stream being destroyed.
 */
export async function attach(stream: Duplex, account: Account, signal: AbortSignal): Promise<Attached> {
  const client = await Client.connect(stream, signal, { requestMs: timeouts.guestFiles });
  const closed = new AbortController();
  void client.closed.then((reason) =>
    closed.abort(
      reason ?? new TswslError("disconnected", "the connection to the distribution's files was closed"),
    ),
  );
  try {
    const root = await client.attach({ user: account.name, uid: account.uid, path: "/" });
    return { root, closed: closed.signal, close: () => void client.close() };
  } catch (error) {
    void client.close();
    throw error;
  }
}
