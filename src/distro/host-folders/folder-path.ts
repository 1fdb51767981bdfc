import { posix, win32 } from "node:path";

/** On a drive: shares and devices (`\\server`, `\\.\`) are other computers and other things. */
const onDrive = /^[a-z]:\\/i;

/** Whether it is a path of Windows, on a drive. */
export function isDrivePath(path: string): boolean {
  return onDrive.test(path);
}

/**
 * The one spelling of an absolute path of this host's folders, in which `..` and the like are written out: `/home`,
 * `C:\Users`. Undefined for what is none, such as another computer's share. Nothing is looked at.
 */
export function folderPath(path: string, platform: NodeJS.Platform = process.platform): string | undefined {
  if (platform !== "win32") return posix.isAbsolute(path) ? posix.resolve(path) : undefined;
  if (!isDrivePath(path)) return undefined;
  const plain = win32.resolve(path);
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

/** Whether two such paths are the same folder's: Windows does not tell small letters from capital ones. */
export function isSameFolder(one: string, other: string): boolean {
  return one === other || (isDrivePath(one) && one.toLowerCase() === other.toLowerCase());
}
