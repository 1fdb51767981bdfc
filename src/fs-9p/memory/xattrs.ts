import { FileError } from "../errors/file-error.ts";
import { NAME_MAX } from "../linux.ts";
import type { Inode } from "./inode.ts";

/** What Linux allows (XATTR_SIZE_MAX), and how much of it a file may have in all (XATTR_LIST_MAX for the names). */
const MAX_VALUE_BYTES = 65_536;
const MAX_XATTRS = 256;
const XATTR_CREATE = 1;
const XATTR_REPLACE = 2;

export function getXattr(inode: Inode, name: string): Uint8Array {
  const value = inode.xattrs.get(name);
  if (!value) throw new FileError("ENODATA");
  return value;
}

export function listXattrs(inode: Inode): Uint8Array {
  return Buffer.from([...inode.xattrs.keys()].map((name) => `${name}\0`).join(""), "latin1");
}

export function setXattr(
  inode: Inode,
  name: string,
  { value, flags }: { readonly value: Uint8Array; readonly flags: number },
): void {
  const exists = inode.xattrs.has(name);
  if (name === "" || name.length > NAME_MAX) throw new FileError("ERANGE");
  if (value.length > MAX_VALUE_BYTES) throw new FileError("E2BIG");
  if (exists && (flags & XATTR_CREATE) !== 0) throw new FileError("EEXIST");
  if (!exists && (flags & XATTR_REPLACE) !== 0) throw new FileError("ENODATA");
  if (!exists && inode.xattrs.size >= MAX_XATTRS) throw new FileError("ENOSPC");
  inode.xattrs.set(name, Uint8Array.from(value));
}

export function removeXattr(inode: Inode, name: string): void {
  if (!inode.xattrs.delete(name)) throw new FileError("ENODATA");
}
