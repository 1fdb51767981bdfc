import { setattrBody } from "../codec/attributes.ts";
import { lockRequest, wireLock } from "../codec/locks.ts";
import type { Body, ReplyName, RequestName } from "../codec/messages.ts";
import { FileError } from "../errors/file-error.ts";
import { toFileError } from "../errors/to-file-error.ts";
import type { AttributeChanges, Attributes, DirectoryEntry, OpenFile, Qid } from "../file-system.ts";
import type { LockRequest, LockStatus } from "../locks.ts";
import type { Client } from "./client.ts";
import { getattr } from "./getattr.ts";
import { inPieces } from "./pieces.ts";
import { ReadAhead } from "./read-ahead.ts";
import { RemoteDirectory } from "./remote-directory.ts";

/** P9_LOCK_BLOCKED and P9_LOCK_GRACE: ask again later. */
const BLOCKED: ReadonlySet<number> = new Set([1, 3]);

/** An open file or directory of a server: a fid. */
export class RemoteFile implements OpenFile {
  readonly qid: Qid;
  readonly #client: Client;
  readonly #fid: number;
  readonly #pieceBytes: number;
  readonly #ahead: ReadAhead;
  readonly #directory: RemoteDirectory;

  /** Takes over the fid. */
  constructor(
    client: Client,
    { fid, qid, iounit }: { readonly fid: number; readonly qid: Qid; readonly iounit: number },
  ) {
    this.#client = client;
    this.#fid = fid;
    this.qid = qid;
    this.#pieceBytes = iounit === 0 ? client.pieceBytes : Math.min(iounit, client.pieceBytes);
    this.#ahead = new ReadAhead({
      pieceBytes: this.#pieceBytes,
      windowBytes: client.readAheadBytes,
      changes: () => client.changes,
      read: (into, offset) => this.#readPiece(into, offset),
    });
    this.#directory = new RemoteDirectory(client, fid);
  }

  async read(into: Uint8Array, offset: number): Promise<number> {
    return await this.#ahead.read(into, offset, () => this.#readPieces(into, offset));
  }

  async write(from: Uint8Array, offset: number): Promise<number> {
    return await inPieces(from.length, this.#pieces, async ({ at, length }) => {
      const data = from.subarray(at, at + length);
      const { count } = await this.#change("Twrite", { fid: this.#fid, offset: offset + at, data });
      return Math.min(count, length);
    });
  }

  async readdir(offset: number, count: number): Promise<readonly DirectoryEntry[]> {
    return await this.#directory.read(offset, count);
  }

  async getattr(): Promise<Attributes> {
    return this.#client.attributes.get(this.qid.path) ?? (await getattr(this.#client, this.#fid));
  }

  async setattr(changes: AttributeChanges): Promise<void> {
    await this.#change("Tsetattr", setattrBody(this.#fid, changes));
  }

  async fsync(dataOnly: boolean): Promise<void> {
    await this.#request("Tfsync", { fid: this.#fid, datasync: dataOnly ? 1 : 0 });
  }

  async lock(request: LockRequest): Promise<LockStatus> {
    const body = { fid: this.#fid, flags: 0, ...wireLock(request) };
    const { status } = await this.#request("Tlock", body);
    if (status === 0) return "success";
    if (BLOCKED.has(status)) return "blocked";
    throw new FileError("ENOLCK");
  }

  async getlock(request: LockRequest): Promise<LockRequest> {
    return lockRequest(await this.#request("Tgetlock", { fid: this.#fid, ...wireLock(request) }));
  }

  async close(): Promise<void> {
    await this.#ahead.settled();
    await this.#client.fids.clunk(this.#fid);
  }

  get #pieces(): { readonly pieceBytes: number; readonly inFlight: number } {
    return { pieceBytes: this.#pieceBytes, inFlight: this.#client.piecesInFlight };
  }

  async #readPieces(into: Uint8Array, offset: number): Promise<number> {
    return await inPieces(into.length, this.#pieces, ({ at, length }) =>
      this.#readPiece(into.subarray(at, at + length), offset + at),
    );
  }

  async #readPiece(into: Uint8Array, offset: number): Promise<number> {
    const body = { fid: this.#fid, offset, count: into.length };
    try {
      return (await this.#client.connection.request("Tread", body, { into })).data.length;
    } catch (error) {
      throw toFileError(error);
    }
  }

  async #request<N extends RequestName>(name: N, body: Body<N>): Promise<Body<ReplyName<N>>> {
    try {
      return await this.#client.connection.request(name, body);
    } catch (error) {
      throw toFileError(error);
    }
  }

  async #change<N extends RequestName>(name: N, body: Body<N>): Promise<Body<ReplyName<N>>> {
    // Before and after: what is read while it happens may be either.
    this.#client.changed(this.qid.path);
    try {
      return await this.#request(name, body);
    } finally {
      this.#client.changed(this.qid.path);
    }
  }
}
