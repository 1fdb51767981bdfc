import { accessSync, constants, existsSync, statfsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { ScriptError } from "./script-error.ts";

/** A file that must exist on this machine, and the package that brings it. A bare name is looked up on PATH. */
export type Tools = Readonly<Record<string, string>>;

/** Where Debian keeps administrators' programs; not on everyone's PATH. */
const ADMIN_PATHS = ["/usr/sbin", "/sbin"];

/** Refuses to go on while something is missing, and names every package at once. */
export function requireTools(tools: Tools, purpose: string): void {
  const missing = Object.entries(tools).filter(([name]) => !isPresent(name));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(([, name]) => name))].join(" ");
  throw new ScriptError(
    `${purpose} needs ${missing.map(([name]) => name).join(", ")}, which this machine does not have`,
    `install it: apt-get install ${packages}`,
  );
}

function isPresent(name: string): boolean {
  if (name.includes("/")) return existsSync(name);
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...ADMIN_PATHS];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Refuses to begin what would fill the disk half way. */
export function requireSpace(folder: string, bytes: number, purpose: string): void {
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  const { bavail, bsize } = statfsSync(existing);
  const free = bavail * bsize;
  if (free >= bytes) return;
  const gigabytes = (n: number): string => `${(n / 1e9).toFixed(1)} GB`;
  throw new ScriptError(
    `${purpose} needs ${gigabytes(bytes)} for a while, but ${existing} has ${gigabytes(free)} free`,
    "free some space, or set TSWSL_CACHE to a folder on another disk",
  );
}
