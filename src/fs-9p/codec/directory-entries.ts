import type { Qid } from "../file-system.ts";
import { WireReader } from "./reader.ts";
import { WireWriter } from "./writer.ts";

/** One record of Rreaddir's data: qid[13] offset[8] type[1] name[s]. */
export interface WireDirectoryEntry {
  readonly qid: Qid;
  readonly offset: bigint;
  readonly type: number;
  readonly name: string;
}

/** A record without its name's bytes. */
export const ENTRY_OVERHEAD = 13 + 8 + 1 + 2;

/** Appends records to a buffer as long as they fit. */
export class DirectoryEntryWriter {
  readonly #writer: WireWriter;

  constructor(bytes: Buffer) {
    this.#writer = new WireWriter(bytes);
  }

  get bytesWritten(): number {
    return this.#writer.at;
  }

  /** False, and nothing written, when there is no room for this entry. */
  append(entry: Omit<WireDirectoryEntry, "offset"> & { readonly offset: number }): boolean {
    const writer = this.#writer;
    if (writer.at + ENTRY_OVERHEAD + entry.name.length > writer.bytes.length) return false;
    writer.qid(entry.qid);
    writer.u64(entry.offset);
    writer.u8(entry.type);
    writer.str(entry.name);
    return true;
  }
}

/** The records of an Rreaddir; undefined when they are malformed. */
export function decodeDirectoryEntries(data: Buffer): WireDirectoryEntry[] | undefined {
  const reader = new WireReader(data);
  const entries: WireDirectoryEntry[] = [];
  while (reader.remaining > 0) {
    entries.push({
      qid: reader.qid(),
      offset: reader.cookie(),
      type: reader.u8(),
      name: reader.str(),
    });
  }
  return reader.overflowed ? undefined : entries;
}
