import { join } from "node:path";

/**
 * The Linux path of a Windows path in a Wine prefix: drives are the links in its `dosdevices` folder. Undefined for what
 * names no file, such as a pipe.
 */
export function toLinuxPath(prefix: string, path: string): string | undefined {
  const [, drive, rest] = /^(?:\\\\\?\\)?([A-Za-z]):[\\/](.*)$/s.exec(path) ?? [];
  if (drive === undefined || rest === undefined) return undefined;
  const inside = rest.replaceAll("\\", "/");
  // Z: is the root; a link there would make the path longer than it is.
  if (drive.toLowerCase() === "z") return `/${inside}`;
  return join(prefix, "dosdevices", `${drive.toLowerCase()}:`, inside);
}

/** The path of a Linux file on drive Z:. */
export function toWindowsPath(path: string): string {
  return `Z:${path.replaceAll("/", "\\")}`;
}
