import type { Attributes, DirectoryEntry, FileNode } from "../../fs-9p/file-system.ts";
import { deviceMajor, deviceMinor, directoryTypeOf, QidType, S_IFLNK, S_IFMT } from "../../fs-9p/linux.ts";
import type { DistroPlace, FileDetails, FileEntry, FileType } from "../../protocol/files.ts";
import { failureAt, isErrno } from "./file-failure.ts";
import { locate } from "./locate.ts";
import type { OpenCall, OpenPlace, Places } from "./open-place.ts";
import { type Names, readNames } from "./owner-names.ts";
import { readDirectory } from "./read-directory.ts";

/** JSON of one answer; a message has at most 4 MiB. */
const MAX_PAGE_BYTES = 2 * 1024 * 1024;
/** Attributes asked for at once. */
const SIDE_BY_SIDE = 32;

export interface ListRequest {
  readonly place: DistroPlace;
  readonly user?: string | undefined;
  readonly details: boolean;
  readonly follow: boolean;
  readonly after?: string | undefined;
}

interface Listed {
  readonly distro: string;
  readonly type: FileType;
  readonly entries: FileEntry[];
  readonly more: boolean;
}

/** DT_* of readdir(3): a mode's type bits, shifted by 12. */
const types: Readonly<Record<number, FileType>> = {
  1: "fifo",
  2: "character",
  4: "directory",
  6: "block",
  8: "file",
  10: "symlink",
  12: "socket",
};

export const typeOf = (dt: number): FileType => types[dt] ?? "unknown";

/** What is in a directory, after the name that the last answer ended with; or the one file. */
export async function listFiles(request: ListRequest, places: Places, call: OpenCall): Promise<Listed> {
  const place = await places.open(request.place, request.user, call);
  try {
    const signal = AbortSignal.any([call.signal, place.signal]);
    return await listPlace(request, place, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      throw failureAt(place.shown, error);
    });
  } finally {
    place.release();
  }
}

async function listPlace(request: ListRequest, place: OpenPlace, signal: AbortSignal): Promise<Listed> {
  const { details, follow, after } = request;
  const distro = place.shown.slice(0, place.shown.indexOf(":"));
  const located = await locate(place.root, place.path, follow);
  const { node, name } = located;
  try {
    // Raises ENOENT for what is missing.
    if (node === undefined)
      return { distro, type: "unknown", entries: [], more: await missing(located.directory, name) };
    const names = details ? await readNames(place.root, signal) : undefined;
    if ((node.qid.type & QidType.directory) === 0) {
      const attributes = await node.getattr();
      const type = typeOf(directoryTypeOf(attributes.mode));
      const entry = { name, type, details: names ? await detailsOf(node, attributes, names) : null };
      return { distro, type, entries: [entry], more: false };
    }
    const found = await readDirectory(node, signal);
    const rest = after === undefined ? found : found.filter((entry) => entry.name > after);
    return { distro, type: "directory", ...(await page(node, rest, names)) };
  } finally {
    await located.close();
  }
}

async function missing(directory: FileNode, name: string): Promise<boolean> {
  await (await directory.walk(name)).close();
  return false;
}

/** As many entries as fit into an answer. */
async function page(
  directory: FileNode,
  found: readonly DirectoryEntry[],
  names: Names | undefined,
): Promise<Pick<Listed, "entries" | "more">> {
  const entries: FileEntry[] = [];
  let bytes = 0;
  for (let at = 0; at < found.length; at += SIDE_BY_SIDE) {
    const batch = found.slice(at, at + SIDE_BY_SIDE);
    for (const entry of await Promise.all(batch.map((one) => describe(directory, one, names)))) {
      entries.push(entry);
      bytes += Buffer.byteLength(JSON.stringify(entry));
    }
    if (bytes > MAX_PAGE_BYTES) return { entries, more: entries.length < found.length };
  }
  return { entries, more: false };
}

async function describe(
  directory: FileNode,
  { name, type }: DirectoryEntry,
  names: Names | undefined,
): Promise<FileEntry> {
  if (names === undefined) return { name, type: typeOf(type), details: null };
  try {
    const node = await directory.walk(name);
    try {
      const attributes = await node.getattr();
      const details = await detailsOf(node, attributes, names);
      return { name, type: typeOf(directoryTypeOf(attributes.mode)), details };
    } finally {
      await node.close();
    }
  } catch (error) {
    // Removed since, or a mount that its owner alone may look at.
    if (isErrno(error, "ENOENT", "EACCES", "EIO", "ESTALE"))
      return { name, type: typeOf(type), details: null };
    throw error;
  }
}

async function detailsOf(node: FileNode, attributes: Attributes, names: Names): Promise<FileDetails> {
  const { mode, links, uid, gid, size, device, modified } = attributes;
  const isLink = (mode & S_IFMT) === S_IFLNK;
  const milliseconds = modified.seconds * 1000 + Math.floor(modified.nanoseconds / 1e6);
  return {
    permissions: mode & 0o7777,
    links,
    uid,
    gid,
    owner: names.users.get(uid) ?? null,
    group: names.groups.get(gid) ?? null,
    size,
    major: deviceMajor(device),
    minor: deviceMinor(device),
    modifiedAt: isoTime(milliseconds),
    target: isLink ? await node.readlink() : null,
  };
}

/** A guest's file may claim a time that a Date cannot hold. */
function isoTime(milliseconds: number): string {
  const limit = 8.64e15;
  return new Date(Math.min(Math.max(milliseconds, -limit), limit)).toISOString();
}
