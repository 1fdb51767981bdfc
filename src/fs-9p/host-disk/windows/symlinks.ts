import { S_IFLNK, SYMLINK_MAX } from "../../linux.ts";
import { FileError } from "../../errors/file-error.ts";
import { linkTarget } from "./link-target.ts";
import { windowsName } from "./names.ts";
import { access, attributes, control, openOptions, reparseTag } from "./nt.ts";
import { decodeReparse, encodeRelativeSymlink, encodeLinuxSymlink, MAX_REPARSE_BYTES } from "./reparse.ts";
import { checked, type WindowsVolume } from "./volume.ts";
import { typeOf } from "./windows-stats.ts";

/** The target of the link that the handle stands for. EINVAL for what is none, EIO for one that contradicts itself. */
export function targetOf(volume: WindowsVolume, handle: number): string {
  const bytes = Buffer.alloc(MAX_REPARSE_BYTES);
  const length = checked(volume.ntfs.control(handle, control.getReparsePoint, null, bytes));
  const point = decodeReparse(bytes.subarray(0, length));
  if (!point) throw new FileError("EIO");
  const target = linkTarget(point, volume.options.symlinkRoot);
  if (target === undefined) throw new FileError("EINVAL");
  return target;
}

/** How a link is to be written. */
export interface LinkForm {
  readonly reparse: Buffer;
  /** Windows tells links to directories from others. */
  readonly directory: boolean;
}

/** As only Linux programs read it; any target will do. ENAMETOOLONG above 4095 bytes. */
export function linuxLink(target: string): LinkForm {
  if (target.length > SYMLINK_MAX) throw new FileError("ENAMETOOLONG");
  return { reparse: encodeLinuxSymlink(target), directory: false };
}

/**
 * As programs of Windows follow it too: only a relative target that is there, reached by going down from the directory
 * through no link, and that reads the same when it comes back. Undefined for every other.
 */
export function windowsLink(volume: WindowsVolume, root: number, target: string): LinkForm | undefined {
  const path = windowsPath(target);
  if (!path) return undefined;
  const found = attributesBelow(volume, root, path.down);
  if (found === undefined) return undefined;
  const reparse = encodeRelativeSymlink(path.text);
  const point = decodeReparse(reparse);
  if (!point || linkTarget(point) !== target) return undefined;
  return { reparse, directory: (found & attributes.directory) !== 0 };
}

/** The target in Windows's letters, and the names by which one comes to it; undefined when it leads up or cannot be written. */
function windowsPath(
  target: string,
): { readonly text: string; readonly down: readonly string[] } | undefined {
  if (target.startsWith("/")) return undefined;
  const names: string[] = [];
  const down: string[] = [];
  for (const part of target.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && down.pop() === undefined) return undefined;
    const name = part === ".." ? part : nameOrNone(part);
    if (name === undefined) return undefined;
    names.push(name);
    if (part !== "..") down.push(name);
  }
  return names.length === 0 ? undefined : { text: names.join("\\"), down };
}

function nameOrNone(part: string): string | undefined {
  try {
    return windowsName(part);
  } catch {
    // Its only errors are of names that Windows cannot have.
    return undefined;
  }
}

/** FILE_ATTRIBUTE_* of what is there; undefined when it is not, or is a link that only Linux follows. */
function attributesBelow(volume: WindowsVolume, root: number, names: readonly string[]): number | undefined {
  const [name, ...rest] = names;
  if (name === undefined) return attributes.directory;
  const found = volume.look(root, name);
  if (!found || found.tag === reparseTag.lxSymlink) return undefined;
  if (rest.length === 0) return found.attributes;
  if (typeOf(found) === S_IFLNK) return undefined;
  const how = { access: access.readAttributes, options: openOptions.directory };
  const handle = volume.tryOpen(root, name, how);
  if (handle < 0) return undefined;
  try {
    // Meanwhile it may have become a junction.
    if (typeOf(volume.factsOf(handle)) === S_IFLNK) return undefined;
    return attributesBelow(volume, handle, rest);
  } finally {
    volume.close(handle);
  }
}
