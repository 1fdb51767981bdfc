import type { Duplex } from "node:stream";
import { TswslError } from "../../base/errors.ts";
import { Client, type FileNode } from "../../fs-9p/index.ts";
import type { Account } from "./account.ts";
import { type Asked, silence } from "./silence.ts";

/** A distro's file system, as one of its users sees it, over a connection of its own. */
export interface Attached {
  readonly root: FileNode;
  /** Fires when the connection is over; its reason says why. */
  readonly closed: AbortSignal;
  readonly close: () => void;
}

export interface AttachOptions {
  readonly account: Account;
  readonly ping: Asked["ping"];
}

/**
 * Speaks 9P with the server in a distro over a stream, which it owns from then on. The connection is given up, and what
 * waits on it fails, when the guest falls {@link silence silent}. Raises what the client raises, the stream being destroyed.
 */
export async function attach(
  stream: Duplex,
  { account, ping }: AttachOptions,
  signal: AbortSignal,
): Promise<Attached> {
  const client = await Client.connect(stream, signal);
  const closed = new AbortController();
  void client.closed.then((reason) => closed.abort(reason ?? over()));
  const asked = { pending: () => client.connection.pending, stream, ping };
  silence(asked, closed.signal).then(
    (reason) => {
      // First, so that those who wait are told why.
      closed.abort(reason);
      return client.close();
    },
    () => undefined,
  );
  try {
    const root = await client.attach({ user: account.name, uid: account.uid, path: "/" });
    return { root, closed: closed.signal, close: () => void client.close() };
  } catch (error) {
    void client.close();
    throw error;
  }
}

function over(): TswslError {
  return new TswslError("disconnected", "the connection to the distribution's files was closed");
}
