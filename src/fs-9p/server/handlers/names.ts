import { chain } from "../../awaitable.ts";
import type { Body, NoFields } from "../../codec/messages.ts";
import { FileError } from "../../errors/file-error.ts";
import type { Awaitable } from "../../file-system.ts";
import { AT_REMOVEDIR, deviceNumber, SYMLINK_MAX } from "../../linux.ts";
import { checkName } from "../../names.ts";
import type { Connection } from "../connection.ts";

export function mkdir(
  { fids }: Connection,
  { dfid, name, mode, gid }: Body<"Tmkdir">,
): Awaitable<Body<"Rmkdir">> {
  checkName(name);
  return chain(fids.get(dfid).node.mkdir(name, { mode: mode & 0o7777, gid }), (qid) => ({ qid }));
}

export function symlink(
  { fids }: Connection,
  { dfid, name, target, gid }: Body<"Tsymlink">,
): Awaitable<Body<"Rsymlink">> {
  checkName(name);
  if (target === "") throw new FileError("ENOENT");
  if (target.length > SYMLINK_MAX) throw new FileError("ENAMETOOLONG");
  if (target.includes("\0")) throw new FileError("EINVAL");
  return chain(fids.get(dfid).node.symlink(name, target, { gid }), (qid) => ({ qid }));
}

export function mknod(
  { fids }: Connection,
  { dfid, name, mode, major, minor, gid }: Body<"Tmknod">,
): Awaitable<Body<"Rmknod">> {
  checkName(name);
  const device = deviceNumber(major, minor);
  return chain(fids.get(dfid).node.mknod(name, device, { mode, gid }), (qid) => ({ qid }));
}

export function link({ fids }: Connection, { dfid, fid, name }: Body<"Tlink">): Awaitable<NoFields> {
  checkName(name);
  return chain(fids.get(dfid).node.link(name, fids.get(fid).node), () => ({}));
}

export function readlink({ fids }: Connection, { fid }: Body<"Treadlink">): Awaitable<Body<"Rreadlink">> {
  return chain(fids.get(fid).node.readlink(), (target) => ({ target }));
}

export function rename({ fids }: Connection, { fid, dfid, name }: Body<"Trename">): Awaitable<NoFields> {
  checkName(name);
  return chain(fids.get(fid).node.moveTo(fids.get(dfid).node, name), () => ({}));
}

export function renameat(
  { fids }: Connection,
  { olddirfid, oldname, newdirfid, newname }: Body<"Trenameat">,
): Awaitable<NoFields> {
  checkName(oldname);
  checkName(newname);
  const { node } = fids.get(olddirfid);
  return chain(node.rename(oldname, fids.get(newdirfid).node, newname), () => ({}));
}

export function unlinkat(
  { fids }: Connection,
  { dirfd, name, flags }: Body<"Tunlinkat">,
): Awaitable<NoFields> {
  checkName(name);
  return chain(fids.get(dirfd).node.unlink(name, (flags & AT_REMOVEDIR) !== 0), () => ({}));
}
