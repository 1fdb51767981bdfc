import { reparseTag } from "./nt.ts";

/** Windows's limit: MAXIMUM_REPARSE_DATA_BUFFER_SIZE. */
export const MAX_REPARSE_BYTES = 16 * 1024;
const HEADER_BYTES = 8;
/** SYMLINK_FLAG_RELATIVE. */
const RELATIVE = 1;
/** Of LX_SYMLINK: its only version that carries the target. */
const LX_VERSION = 2;

/** What a reparse point says that means something to us. */
export type ReparsePoint =
  /** Windows's symbolic link: a path with backslashes; absolute ones are NT paths, `\??\C:\x`. */
  | { readonly kind: "symlink"; readonly target: string; readonly relative: boolean }
  /** A directory that stands for another one, or for a volume: an NT path. */
  | { readonly kind: "junction"; readonly target: string }
  /** Linux's symbolic link, a byte string as Linux programs wrote it. */
  | { readonly kind: "linux-symlink"; readonly target: string }
  | { readonly kind: "other"; readonly tag: number };

/**
 * REPARSE_DATA_BUFFER (ntifs.h), and WSL's LX_SYMLINK: a version and the target's bytes. Undefined when it contradicts itself.
 * Whoever can write to the disk has written it.
 */
export function decodeReparse(bytes: Buffer): ReparsePoint | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const tag = bytes.readUInt32LE(0);
  const length = bytes.readUInt16LE(4);
  if (HEADER_BYTES + length > bytes.length) return undefined;
  const data = bytes.subarray(HEADER_BYTES, HEADER_BYTES + length);
  switch (tag) {
    case reparseTag.symlink: {
      const target = substituteName(data, 12);
      if (target === undefined) return undefined;
      return { kind: "symlink", target, relative: (data.readUInt32LE(8) & RELATIVE) !== 0 };
    }
    case reparseTag.mountPoint: {
      const target = substituteName(data, 8);
      return target === undefined ? undefined : { kind: "junction", target };
    }
    case reparseTag.lxSymlink: {
      if (data.length <= 4 || data.readUInt32LE(0) !== LX_VERSION) return undefined;
      const target = data.toString("latin1", 4);
      return target.includes("\0") ? undefined : { kind: "linux-symlink", target };
    }
    default:
      return { kind: "other", tag };
  }
}

/** The name that Windows goes on with, of two in a buffer that begins at `paths`. */
function substituteName(data: Buffer, paths: number): string | undefined {
  if (data.length < paths) return undefined;
  const begin = paths + data.readUInt16LE(0);
  const end = begin + data.readUInt16LE(2);
  if (end > data.length || end === begin) return undefined;
  const name = data.toString("utf16le", begin, end);
  return name.includes("\0") ? undefined : name;
}

/** A Linux symbolic link. The target has up to 4095 bytes. */
export function encodeLinuxSymlink(target: string): Buffer {
  const data = Buffer.alloc(4 + target.length);
  data.writeUInt32LE(LX_VERSION, 0);
  data.write(target, 4, "latin1");
  return reparseBuffer(reparseTag.lxSymlink, data);
}

/** Windows's symbolic link with a relative target, which has backslashes. */
export function encodeRelativeSymlink(target: string): Buffer {
  const text = Buffer.from(target, "utf16le");
  const data = Buffer.alloc(12 + 2 * text.length);
  // The substitute name, then the one that is shown: the same.
  data.writeUInt16LE(0, 0);
  data.writeUInt16LE(text.length, 2);
  data.writeUInt16LE(text.length, 4);
  data.writeUInt16LE(text.length, 6);
  data.writeUInt32LE(RELATIVE, 8);
  text.copy(data, 12);
  text.copy(data, 12 + text.length);
  return reparseBuffer(reparseTag.symlink, data);
}

/** One that is only a tag: WSL's pipes, sockets and devices. */
export function encodeTag(tag: number): Buffer {
  return reparseBuffer(tag, Buffer.alloc(0));
}

function reparseBuffer(tag: number, data: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(tag, 0);
  header.writeUInt16LE(data.length, 4);
  return Buffer.concat([header, data]);
}
