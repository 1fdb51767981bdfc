import { decodeDirectoryEntries, ENTRY_OVERHEAD } from "../codec/directory-entries.ts";
import { FileError } from "../errors/file-error.ts";
import { toFileError } from "../errors/to-file-error.ts";
import type { DirectoryEntry } from "../file-system.ts";
import { checkName } from "../names.ts";
import type { Client } from "./client.ts";

/** What one Treaddir asks for, unless many entries are wanted. */
const MIN_BYTES = 8 * 1024;
const MAX_BYTES = 64 * 1024;
/** An entry with a name of middling length. */
const ENTRY_BYTES = ENTRY_OVERHEAD + 24;

/**
 * Reads the entries of an open directory. The server's offsets are 64 bits of its own making (hashes, often) and those of
 * the port are numbers: here the entries are counted, and the server's offset is only remembered for where to go on.
 */
export class RemoteDirectory {
  readonly #client: Client;
  readonly #fid: number;
  /** Entries that have been read and may still be asked for; the first one's offset is {@link #before} + 1. */
  #entries: DirectoryEntry[] = [];
  #before = 0;
  #cookie = 0n;
  #ended = false;

  constructor(client: Client, fid: number) {
    this.#client = client;
    this.#fid = fid;
  }

  /** As OpenFile.readdir. */
  async read(offset: number, count: number): Promise<readonly DirectoryEntry[]> {
    if (offset === 0 || offset < this.#before) this.#restart();
    for (;;) {
      this.#forget(offset);
      const start = offset - this.#before;
      if (this.#ended || this.#entries.length >= start + count)
        return this.#entries.slice(start, start + count);
      await this.#fetch(count);
    }
  }

  #restart(): void {
    this.#entries = [];
    this.#before = 0;
    this.#cookie = 0n;
    this.#ended = false;
  }

  /** Whoever asks for what is after an offset has what is before it. */
  #forget(offset: number): void {
    const passed = Math.min(offset - this.#before, this.#entries.length);
    if (passed <= 0) return;
    this.#entries.splice(0, passed);
    this.#before += passed;
  }

  async #fetch(count: number): Promise<void> {
    const bytes = Math.max(MIN_BYTES, Math.min(count * ENTRY_BYTES, MAX_BYTES));
    const body = { fid: this.#fid, offset: this.#cookie, count: Math.min(bytes, this.#client.pieceBytes) };
    const data = await this.#request(body);
    const found = decodeDirectoryEntries(data);
    if (!found) throw new FileError("EPROTO");
    const last = found.at(-1);
    if (last === undefined) this.#ended = true;
    // A server whose offset does not move would be read for ever.
    else if (last.offset === this.#cookie) throw new FileError("EPROTO");
    else this.#cookie = last.offset;
    for (const { name, qid, type } of found) {
      if (name === "." || name === "..") continue;
      checkName(name);
      this.#entries.push({ name, qid, type, offset: this.#before + this.#entries.length + 1 });
    }
  }

  async #request(body: { fid: number; offset: bigint; count: number }): Promise<Buffer> {
    try {
      const { data } = await this.#client.connection.request("Treaddir", body);
      return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    } catch (error) {
      throw toFileError(error);
    }
  }
}
