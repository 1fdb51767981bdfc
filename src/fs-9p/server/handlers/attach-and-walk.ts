import { attempt, chain, ensure } from "../../awaitable.ts";
import { type Body, NO_FID } from "../../codec/messages.ts";
import { FileError } from "../../errors/file-error.ts";
import type { Awaitable, Qid } from "../../file-system.ts";
import { QidType } from "../../linux.ts";
import { checkName } from "../../names.ts";
import type { Connection } from "../connection.ts";
import { Fid } from "../fid.ts";
import { SharedNode } from "../shared-node.ts";

export function attach(
  { fids, fileSystem }: Connection,
  { fid, afid, uname, aname, nUname }: Body<"Tattach">,
): Awaitable<Body<"Rattach">> {
  // Tauth is refused, so there is no fid that authenticates.
  if (afid !== NO_FID) throw new FileError("EINVAL");
  const attached = fids.fill(fid, () =>
    chain(
      fileSystem.attach({ user: uname, uid: nUname, path: aname }),
      (node) => new Fid(new SharedNode(node, node.qid.path)),
    ),
  );
  return chain(attached, ({ node }) => ({ qid: node.qid }));
}

/** Authentication is not needed: whoever has the connection may use it. */
export function auth(): never {
  throw new FileError("EOPNOTSUPP");
}

/**
 * walk(5): "If the first element cannot be walked for any reason, Rerror is returned. Otherwise, the walk will return an
 * Rwalk message containing nwqid qids", fewer than names when a later one failed; newfid is then left as it was.
 */
export function walk(
  connection: Connection,
  { fid, newfid, names }: Body<"Twalk">,
): Awaitable<Body<"Rwalk">> {
  const from = connection.fids.get(fid);
  for (const name of names) if (name !== "..") checkName(name);
  const qids: Qid[] = [];
  const there = (): Awaitable<SharedNode> => descend(from.place.share(), names, qids);
  const work =
    fid === newfid
      ? (): Awaitable<unknown> => moveFid(connection, from, there)
      : (): Awaitable<unknown> =>
          connection.fids.fill(newfid, () => chain(there(), (place) => new Fid(place)));
  const done = attempt(work, (error) => {
    if (qids.length === 0 || !(error instanceof FileError)) throw error;
  });
  return chain(done, () => ({ qids }));
}

function moveFid(connection: Connection, fid: Fid, there: () => Awaitable<SharedNode>): Awaitable<void> {
  fid.checkUnopened();
  return chain(there(), (place) => connection.discard(fid.moveTo(place)));
}

/** Down all names that `qids` does not have yet, from a place whose share is used up. */
function descend(place: SharedNode, names: readonly string[], qids: Qid[]): Awaitable<SharedNode> {
  const name = names[qids.length];
  if (name === undefined) return place;
  const next = ensure(
    () => step(place, name),
    () => place.release(),
  );
  return chain(next, (place) => {
    qids.push(place.node.qid);
    return descend(place, names, qids);
  });
}

function step(place: SharedNode, name: string): Awaitable<SharedNode> {
  const { node, root } = place;
  if (name !== "..") return chain(node.walk(name), (child) => new SharedNode(child, root));
  const { type, path } = node.qid;
  if ((type & QidType.directory) === 0) throw new FileError("ENOTDIR");
  // walk(5): "The name '..' in the root directory is equivalent to the root."
  if (path === root) return place.share();
  return chain(node.parent(), (parent) => new SharedNode(parent, root));
}
