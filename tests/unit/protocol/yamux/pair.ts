import { once } from "node:events";
import type { Duplex } from "node:stream";
import {
  decodeHeader,
  encodeHeader,
  YAMUX_HEADER_BYTES,
  type YamuxHeader,
} from "../../../../src/protocol/yamux/codec.ts";
import { YamuxSession } from "../../../../src/protocol/yamux/session.ts";
import type { YamuxStream } from "../../../../src/protocol/yamux/stream.ts";
import { readBytes } from "../../../support/bytes.ts";
import { duplexPair } from "../../../support/duplex-pair.ts";

/** Every wait of these tests: long enough for a busy machine, short enough for a failure to be one. */
export const limit = (): AbortSignal => AbortSignal.timeout(8000);

export interface SessionPair {
  readonly client: YamuxSession;
  readonly server: YamuxSession;
  /** The streams the client has opened, as the server got them. */
  readonly accepted: YamuxStream[];
}

export function sessionPair(maxStreams = 256): SessionPair {
  const [left, right] = duplexPair();
  const accepted: YamuxStream[] = [];
  const server = new YamuxSession(right, {
    role: "server",
    maxStreams,
    onStream: (stream) => accepted.push(stream),
  });
  return { client: new YamuxSession(left, { role: "client" }), server, accepted };
}

/** A session of the given role whose peer is the test itself, byte by byte. */
export class RawPeer {
  readonly session: YamuxSession;
  readonly accepted: YamuxStream[] = [];
  readonly wire: Duplex;

  constructor(role: "client" | "server", maxStreams = 256) {
    const [ours, theirs] = duplexPair();
    this.wire = theirs;
    theirs.once("end", () => theirs.end());
    this.session = new YamuxSession(ours, {
      role,
      maxStreams,
      onStream: (stream) => this.accepted.push(stream),
    });
  }

  send(header: YamuxHeader, body: Buffer = Buffer.alloc(0)): void {
    this.wire.write(Buffer.concat([encodeHeader(header), body]));
  }

  /** The next frame of the session, with its body if it is data. */
  async receive(): Promise<{ header: YamuxHeader; body: Buffer }> {
    const header = decodeHeader(await readBytes(this.wire, YAMUX_HEADER_BYTES));
    const body =
      header.type === 0 && header.length > 0 ? await readBytes(this.wire, header.length) : Buffer.alloc(0);
    return { header, body };
  }
}

/** The stream's error, once it has closed. */
export async function closingError(stream: Duplex): Promise<Error | null> {
  if (!stream.closed) await once(stream, "close", { signal: limit() }).catch(() => {});
  return stream.errored;
}
