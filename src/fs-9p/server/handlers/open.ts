import { chain, ensure } from "../../awaitable.ts";
import type { Body, NoFields } from "../../codec/messages.ts";
import type { Awaitable } from "../../file-system.ts";
import {
  O_ACCMODE,
  O_APPEND,
  O_DIRECTORY,
  O_DSYNC,
  O_EXCL,
  O_NOFOLLOW,
  O_SYNC,
  O_TRUNC,
} from "../../linux.ts";
import { checkName } from "../../names.ts";
import type { Connection } from "../connection.ts";
import { SharedNode } from "../shared-node.ts";

/** What of the client's flags concerns the server; the others (O_NONBLOCK, O_DIRECT, O_CLOEXEC …) are the client's own. */
const OPEN_FLAGS = O_ACCMODE | O_TRUNC | O_APPEND | O_DSYNC | O_SYNC | O_DIRECTORY | O_NOFOLLOW;

export function lopen({ fids }: Connection, { fid, flags }: Body<"Tlopen">): Awaitable<Body<"Rlopen">> {
  const found = fids.get(fid);
  const file = fids.open(found, () => found.node.open(flags & OPEN_FLAGS));
  return chain(file, ({ qid }) => ({ qid, iounit: 0 }));
}

/** "fid initially represents the parent directory of the new file. After the call it represents the new file." */
export function lcreate(
  connection: Connection,
  { fid, name, flags, mode, gid }: Body<"Tlcreate">,
): Awaitable<Body<"Rlcreate">> {
  checkName(name);
  const found = connection.fids.get(fid);
  const file = connection.fids.open(found, () => {
    const created = found.node.create(name, flags & (OPEN_FLAGS | O_EXCL), { mode: mode & 0o7777, gid });
    return chain(created, ({ node, file }) => {
      connection.discard(found.moveTo(new SharedNode(node, found.place.root)));
      return file;
    });
  });
  return chain(file, ({ qid }) => ({ qid, iounit: 0 }));
}

export function fsync({ fids }: Connection, { fid, datasync }: Body<"Tfsync">): Awaitable<NoFields> {
  return chain(fids.get(fid).opened.fsync(datasync !== 0), () => ({}));
}

/** The fid is gone whatever is answered: clunk(5), "Even if the clunk returns an error, the fid is no longer valid." */
export function clunk(connection: Connection, { fid }: Body<"Tclunk">): Awaitable<NoFields> {
  const taken = connection.fids.take(fid);
  const closed = connection.retire(() =>
    ensure(
      () => taken.xattr?.finish(taken.node),
      () => taken.close(),
    ),
  );
  return chain(closed, () => ({}));
}

/** remove(5): "The remove request asks the file server both to remove the file represented by fid and to clunk the fid, even if the remove fails." */
export function remove(connection: Connection, { fid }: Body<"Tremove">): Awaitable<NoFields> {
  const taken = connection.fids.take(fid);
  const removed = connection.retire(() =>
    ensure(
      () => taken.node.remove(),
      () => taken.close(),
    ),
  );
  return chain(removed, () => ({}));
}
