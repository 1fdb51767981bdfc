import { chain } from "../../awaitable.ts";
import type { Body, NoFields } from "../../codec/messages.ts";
import { FileError } from "../../errors/file-error.ts";
import { attributeChanges, getattrBody } from "../../codec/attributes.ts";
import type { Awaitable } from "../../file-system.ts";
import type { Connection } from "../connection.ts";

/** Of an open fid the open file's, which may have no name any more. */
export function getattr({ fids }: Connection, { fid }: Body<"Tgetattr">): Awaitable<Body<"Rgetattr">> {
  const found = fids.get(fid);
  return chain((found.file ?? found.node).getattr(), getattrBody);
}

export function setattr({ fids }: Connection, body: Body<"Tsetattr">): Awaitable<NoFields> {
  const found = fids.get(body.fid);
  const changes = attributeChanges(body);
  if (changes.size !== undefined && !Number.isSafeInteger(changes.size)) throw new FileError("EFBIG");
  return chain((found.file ?? found.node).setattr(changes), () => ({}));
}

export function statfs({ fids }: Connection, { fid }: Body<"Tstatfs">): Awaitable<Body<"Rstatfs">> {
  return chain(fids.get(fid).node.statfs(), (statistics) => ({
    type: statistics.type,
    bsize: statistics.blockSize,
    blocks: statistics.blocks,
    bfree: statistics.freeBlocks,
    bavail: statistics.availableBlocks,
    files: statistics.files,
    ffree: statistics.freeFiles,
    fsid: statistics.id,
    namelen: statistics.nameLength,
  }));
}
