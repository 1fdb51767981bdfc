import { linuxName } from "./names.ts";
import type { ReparsePoint } from "./reparse.ts";

/** Where a distribution has the host's drives when nothing is said. */
const SYMLINK_ROOT = "/mnt/";

/**
 * A link's target as a Linux program reads it: `C:\x` lies below `symlinkRoot` (as /mnt/c/x), where the distribution has that
 * drive if it has it at all. It is text and nothing more: nobody on the host follows it. Undefined for what is no link.
 */
export function linkTarget(point: ReparsePoint, symlinkRoot = SYMLINK_ROOT): string | undefined {
  switch (point.kind) {
    case "linux-symlink":
      return point.target;
    case "symlink":
      return point.relative ? linuxPath(point.target) : absolute(point.target, symlinkRoot);
    case "junction":
      return absolute(point.target, symlinkRoot);
    case "other":
      return undefined;
  }
}

function absolute(target: string, symlinkRoot: string): string {
  const path = target.replace(/^\\(\?\?|\\\?)\\/, "");
  const drive = /^([a-z]):(\\|$)/i.exec(path);
  // Shares and volumes without a letter have no place in a distribution: the text leads nowhere.
  if (!drive?.[1]) return linuxPath(`\\\\?\\${path}`);
  const root = symlinkRoot.endsWith("/") ? symlinkRoot : `${symlinkRoot}/`;
  return `${root}${drive[1].toLowerCase()}${linuxPath(path.slice(2)).replace(/\/+$/, "")}`;
}

function linuxPath(path: string): string {
  return path.split("\\").map(linuxName).join("/");
}
