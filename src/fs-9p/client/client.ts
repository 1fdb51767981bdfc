import type { Duplex } from "node:stream";
import { TswslError } from "../../base/errors.ts";
import { type Body, NO_FID, type RequestName, VERSION } from "../codec/messages.ts";
import type { AttachRequest } from "../file-system.ts";
import { AttributeCache } from "./attribute-cache.ts";
import { Connection } from "./connection.ts";
import { Fids } from "./fids.ts";
import { type ClientOptions, clientDefaults } from "./options.ts";
import { RemoteNode } from "./remote-node.ts";

/** Of Rread and Twrite beside their data, as Linux reckons it (P9_IOHDRSZ). */
const IO_OVERHEAD = 24;
const MIN_MSIZE = 4096;

/** A 9P2000.L client: what its nodes and files share. */
export class Client {
  /** Resolves once, when the connection is over: with the reason, or undefined after {@link close}. Never rejects. */
  readonly closed: Promise<TswslError | undefined>;
  readonly connection: Connection;
  readonly fids: Fids;
  readonly attributes: AttributeCache;
  readonly piecesInFlight: number;
  readonly readAheadBytes: number;
  readonly msize: number;
  /** Requests that the server has said it does not know. */
  readonly unknown = new Set<RequestName>();
  /** Counts what was changed through this client: what was read ahead before is not to be believed after. */
  changes = 0;

  private constructor(
    connection: Connection,
    msize: number,
    options: Required<Omit<ClientOptions, "trace">>,
  ) {
    this.connection = connection;
    this.closed = connection.closed;
    this.msize = msize;
    this.fids = new Fids(connection);
    this.attributes = new AttributeCache(options.attributesMs);
    this.piecesInFlight = options.piecesInFlight;
    this.readAheadBytes = options.readAheadBytes;
  }

  /**
   * Agrees on a version over a stream, which the client owns from now on. Rejects with `protocol` when the server speaks no
   * 9P2000.L, `cancelled`, `timeout`, `disconnected`; the stream is then destroyed.
   */
  static async connect(stream: Duplex, signal: AbortSignal, options: ClientOptions = {}): Promise<Client> {
    const chosen = { ...clientDefaults, ...options };
    const { msize, requestMs } = chosen;
    const connection = new Connection(stream, { msize, requestMs, trace: options.trace });
    try {
      const answer = await connection.request("Tversion", { msize, version: VERSION }, { signal });
      return new Client(connection, agreedSize(answer, msize), chosen);
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** The most bytes one Tread or Twrite moves. */
  get pieceBytes(): number {
    return this.msize - IO_OVERHEAD;
  }

  /** The root of what the server calls `path`. Rejects with a FileError. */
  async attach({ user, uid, path }: AttachRequest): Promise<RemoteNode> {
    const [fid, { qid }] = await this.fids.make("Tattach", (fid) => ({
      fid,
      afid: NO_FID,
      uname: user,
      aname: path,
      nUname: uid,
    }));
    return new RemoteNode(this, fid, qid);
  }

  /** Something has been changed, in this file or in any. */
  changed(path?: number): void {
    this.changes += 1;
    if (path === undefined) this.attributes.clear();
    else this.attributes.forget(path);
  }

  /** Ends the connection; the server forgets all fids. Idempotent. */
  async close(): Promise<TswslError | undefined> {
    this.connection.close();
    return await this.closed;
  }
}

function agreedSize({ msize, version }: Body<"Rversion">, asked: number): number {
  if (version !== VERSION)
    throw new TswslError(
      "protocol",
      `the file server does not speak ${VERSION} (it says ${JSON.stringify(version)})`,
    );
  if (msize < MIN_MSIZE || msize > asked)
    throw new TswslError("protocol", `the file server wants messages of ${msize} bytes`);
  return msize;
}
