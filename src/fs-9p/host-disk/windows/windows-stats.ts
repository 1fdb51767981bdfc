import { deviceNumber, S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFREG, S_IFSOCK } from "../../linux.ts";
import type { HostStats, ListedStats } from "../host-directory.ts";
import type { DrvfsOptions } from "./drvfs-options.ts";
import type { FileFacts, ListedFile } from "./information.ts";
import { checkedMetadata } from "./metadata.ts";
import { access, attributes, reparseTag } from "./nt.ts";
import { nanosecondsOfFileTime } from "./file-time.ts";

/** What an app execution alias looks like to Linux: a program of Windows, so that binfmt_misc takes it for one. */
export const APP_ALIAS_CONTENT = "MZ";
const BLOCK_BYTES = 4096;

const types: ReadonlyMap<number, number> = new Map([
  [reparseTag.symlink, S_IFLNK],
  [reparseTag.mountPoint, S_IFLNK],
  [reparseTag.lxSymlink, S_IFLNK],
  [reparseTag.afUnix, S_IFSOCK],
  [reparseTag.lxFifo, S_IFIFO],
  [reparseTag.lxCharacter, S_IFCHR],
  [reparseTag.lxBlock, S_IFBLK],
]);

/** The S_IFMT bits. A tag that means nothing to us changes nothing. */
export function typeOf(found: { readonly attributes: number; readonly tag: number }): number {
  const special = types.get(found.tag);
  if (special !== undefined) return special;
  return (found.attributes & attributes.directory) === 0 ? S_IFREG : S_IFDIR;
}

/** What all files of a volume have in common. */
export interface VolumeFacts {
  /** Tells volumes apart. */
  readonly device: number;
  /** The bits of a file's number by which it is told apart from other files that exist. */
  readonly fileIdMask: bigint;
  /** Whether it keeps when a file was made. Others, and Wine, give the time of the last change for it. */
  readonly keepsCreation: boolean;
}

/** `target`: of a link, its length in bytes. */
export function windowsStats(
  facts: FileFacts,
  { device, fileIdMask, keepsCreation }: VolumeFacts,
  { options, target }: { readonly options: DrvfsOptions; readonly target?: number | undefined },
): HostStats {
  const type = typeOf(facts);
  const linux = options.metadata === true ? checkedMetadata(facts.linux, type) : {};
  const directory = type === S_IFDIR;
  const size = facts.tag === reparseTag.appExecLink ? APP_ALIAS_CONTENT.length : (target ?? facts.size);
  return {
    dev: device,
    ino: facts.fileId & fileIdMask,
    mode: type | (linux.mode ?? shownPermissions(facts, type, options)),
    nlink: facts.links,
    uid: linux.uid ?? options.uid ?? 0,
    gid: linux.gid ?? options.gid ?? 0,
    rdev: linux.device ? deviceNumber(linux.device.major, linux.device.minor) : 0,
    size: directory ? BLOCK_BYTES : size,
    blksize: BLOCK_BYTES,
    blocks: directory ? 0 : Math.ceil(facts.allocated / 512),
    atimeNs: nanosecondsOfFileTime(facts.accessed),
    mtimeNs: nanosecondsOfFileTime(facts.modified),
    // FAT has none.
    ctimeNs: nanosecondsOfFileTime(facts.changed > 0n ? facts.changed : facts.modified),
    birthtimeNs: keepsCreation ? nanosecondsOfFileTime(facts.created) : 0n,
  };
}

/** Undefined when the listing does not tell the type, or not the size that {@link windowsStats} would. */
export function listedStats(found: ListedFile, { device, fileIdMask }: VolumeFacts): ListedStats | undefined {
  const type = typeOf(found);
  const reparsePoint = (found.attributes & attributes.reparsePoint) !== 0;
  if (reparsePoint && (found.tag === 0 || found.tag === reparseTag.appExecLink || type === S_IFLNK))
    return undefined;
  return {
    dev: device,
    ino: found.fileId & fileIdMask,
    mode: type,
    size: type === S_IFDIR ? BLOCK_BYTES : found.size,
    mtimeNs: nanosecondsOfFileTime(found.modified),
  };
}

/** What the process's user may do, the same for everybody, without what the masks take. */
function shownPermissions(facts: FileFacts, type: number, options: DrvfsOptions): number {
  if (type === S_IFLNK) return 0o777;
  const { umask = 0, fmask = 0, dmask = 0 } = options;
  const directory = type === S_IFDIR;
  const rights = facts.rights ?? access.readData | access.writeData | access.execute;
  const may = (right: number, bit: number): number => ((rights & right) === 0 ? 0 : bit);
  const readOnly = (facts.attributes & attributes.readOnly) !== 0;
  const bits =
    may(access.readData, 4) |
    (readOnly ? 0 : may(access.writeData, 2)) |
    // Every user of Windows may go through directories ("bypass traverse checking").
    (directory ? 1 : may(access.execute, 1));
  return (bits * 0o111) & ~(umask | (directory ? dmask : fmask));
}
