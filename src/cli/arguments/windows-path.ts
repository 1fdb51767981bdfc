import { win32 } from "node:path";

/** A place in a distribution. */
export interface GuestPlace {
  /** Absent: it is in every distribution, or the one that is asked. */
  readonly distro?: string;
  /** Absolute. */
  readonly path: string;
}

/** Where the host's drives are in a distribution: C: at /mnt/c. */
const DRIVES = "/mnt";
/** The server by whose name Windows knows the distributions: \\tswsl$\debian. */
const SERVER = "tswsl$";

const drivePath = /^([a-z]):(?:\\|$)/i;
const sharePath = /^\\\\([^\\]+)\\([^\\]+)(?:\\|$)/;
/** Prefixes that turn the limit of 260 characters off, and mean the same path. */
const longShare = /^\\\\\?\\UNC\\/i;
const longDrive = /^\\\\\?\\(?=[a-z]:)/i;

/**
 * Where a distribution has what Windows knows by this path: `C:\Users\me` as /mnt/c/Users/me, `\\tswsl$\debian\home\me`
 * as /home/me of debian. Undefined for what no distribution can see (another computer's share, a device), for what
 * depends on a drive's current directory (`C:notes`), and for what is no absolute Windows path at all.
 */
export function guestPlaceOf(windowsPath: string): GuestPlace | undefined {
  const path = normalized(windowsPath);
  if (path === undefined) return undefined;
  const drive = drivePath.exec(path)?.[1];
  if (drive !== undefined) return { path: joined(`${DRIVES}/${drive.toLowerCase()}`, path.slice(2)) };
  const [whole = "", server = "", distro] = sharePath.exec(path) ?? [];
  if (distro === undefined || server.toLowerCase() !== SERVER) return undefined;
  return { distro, path: joined("", path.slice(whole.length)) };
}

/**
 * Where a command begins that is started at this Windows path. As {@link guestPlaceOf}, but a folder on a drive stays what
 * it is: where the distribution has its drives it knows itself.
 */
export function startingPlaceOf(windowsPath: string): GuestPlace | undefined {
  const place = guestPlaceOf(windowsPath);
  return place === undefined || place.distro !== undefined
    ? place
    : { path: normalized(windowsPath) ?? windowsPath };
}

/** Without the prefix of long paths, and `..` written out. Undefined for what is no absolute Windows path. */
function normalized(windowsPath: string): string | undefined {
  const plain = windowsPath.replace(longShare, "\\\\").replace(longDrive, "");
  // Not everything that normalize accepts is a Windows path: /etc would become \etc.
  return /^(?:[a-z]:|[\\/]{2})/i.test(plain) ? win32.normalize(plain) : undefined;
}

/** Where Windows finds what a distribution has at this absolute path: the other way round. */
export function windowsPathOf({ distro, path }: Required<GuestPlace>): string {
  const [, drive, below] = /^\/mnt\/([a-z])(?:\/(.*))?$/.exec(path) ?? [];
  if (drive !== undefined) return `${drive.toUpperCase()}:\\${backslashes(below ?? "")}`;
  return `\\\\${SERVER}\\${distro}\\${backslashes(path.slice(1))}`;
}

function joined(root: string, below: string): string {
  const path = below.replaceAll("\\", "/").replace(/^\/+/, "").replace(/\/+$/, "");
  return path === "" ? root || "/" : `${root}/${path}`;
}

function backslashes(path: string): string {
  return path.replaceAll("/", "\\").replace(/\\+$/, "");
}
