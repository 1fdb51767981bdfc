import { chain } from "../../awaitable.ts";
import { DirectoryEntryWriter } from "../../codec/directory-entries.ts";
import type { Body } from "../../codec/messages.ts";
import { FileError } from "../../errors/file-error.ts";
import type { Awaitable, OpenFile, Qid } from "../../file-system.ts";
import { S_IFDIR } from "../../linux.ts";
import type { Connection } from "../connection.ts";
import type { Fid } from "../fid.ts";

/** Entries asked for at once: what does not fit in the answer has been looked up in vain. */
const ENTRIES = 64;
const DT_DIR = S_IFDIR >> 12;
/** `.` and `..` come first, at offsets 1 and 2; those of the file system follow. */
const DOTS = 2;

/** Fills `into` and returns how much of it is the answer. */
export function read({ fids }: Connection, { fid, offset }: Body<"Tread">, into: Buffer): Awaitable<number> {
  const found = fids.get(fid);
  if (found.xattr) return found.xattr.read(into, offset);
  if (!Number.isSafeInteger(offset + into.length)) throw new FileError("EINVAL");
  return found.opened.read(into, offset);
}

export function write(
  { fids }: Connection,
  { fid, offset, data }: Body<"Twrite">,
): Awaitable<Body<"Rwrite">> {
  const found = fids.get(fid);
  if (found.xattr) return { count: found.xattr.write(data, offset) };
  if (!Number.isSafeInteger(offset + data.length)) throw new FileError("EFBIG");
  return chain(found.opened.write(data, offset), (count) => ({ count }));
}

/** As {@link read}; whole entries only. EINVAL when not even one fits, since nothing at all means the end. */
export function readdir(
  { fids }: Connection,
  { fid, offset }: Body<"Treaddir">,
  into: Buffer,
): Awaitable<number> {
  const found = fids.get(fid);
  const directory = found.opened;
  const entries = new DirectoryEntryWriter(into);
  // What is above 2^53 is not an offset of ours, and as a number still above all of them.
  let from = Number(offset);
  const go = (): Awaitable<number> => {
    if (from >= DOTS) return readEntries(directory, from - DOTS, entries);
    const qid = from === 0 ? found.node.qid : parentQid(found);
    return chain(qid, (qid) => {
      const name = from === 0 ? "." : "..";
      if (!entries.append({ name, qid, type: DT_DIR, offset: from + 1 })) return finished(entries);
      from += 1;
      return go();
    });
  };
  if ((found.node.qid.type & 0x80) === 0) throw new FileError("ENOTDIR");
  return go();
}

function readEntries(directory: OpenFile, offset: number, into: DirectoryEntryWriter): Awaitable<number> {
  return chain(directory.readdir(offset, ENTRIES), (batch) => {
    for (const { qid, type, name, offset } of batch)
      if (!into.append({ qid, type, name, offset: offset + DOTS })) return finished(into);
    const last = batch.at(-1);
    return last === undefined ? into.bytesWritten : readEntries(directory, last.offset, into);
  });
}

function finished(entries: DirectoryEntryWriter): number {
  if (entries.bytesWritten === 0) throw new FileError("EINVAL");
  return entries.bytesWritten;
}

function parentQid({ node, place }: Fid): Awaitable<Qid> {
  if (node.qid.path === place.root) return node.qid;
  return chain(node.parent(), (parent) => {
    const { qid } = parent;
    return chain(parent.close(), () => qid);
  });
}
