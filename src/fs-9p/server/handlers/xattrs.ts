import { chain } from "../../awaitable.ts";
import type { Body, NoFields } from "../../codec/messages.ts";
import { FileError } from "../../errors/file-error.ts";
import type { Awaitable } from "../../file-system.ts";
import type { Connection } from "../connection.ts";
import { Fid } from "../fid.ts";
import { XATTR_SIZE_MAX, XattrTransfer } from "../xattr-transfer.ts";

/** "If name is NULL newfid can be used to get the list of extended attributes." */
export function xattrwalk(
  { fids }: Connection,
  { fid, newfid, name }: Body<"Txattrwalk">,
): Awaitable<Body<"Rxattrwalk">> {
  const { node, place } = fids.get(fid);
  let size = 0;
  const made = fids.fill(newfid, () =>
    chain(name === "" ? node.listxattr() : node.getxattr(name), (value) => {
      fids.countXattr();
      size = value.length;
      const found = new Fid(place.share());
      found.xattr = new XattrTransfer(value);
      return found;
    }),
  );
  return chain(made, () => ({ size }));
}

/** "The actual setxattr operation happens when the fid is clunked." */
export function xattrcreate(
  { fids }: Connection,
  { fid, name, attrSize, flags }: Body<"Txattrcreate">,
): NoFields {
  const found = fids.get(fid);
  found.checkUnopened();
  if (attrSize > XATTR_SIZE_MAX) throw new FileError("E2BIG");
  fids.countXattr();
  found.xattr = new XattrTransfer(new Uint8Array(attrSize), { name, flags });
  return {};
}
