import { lstatSync, type Stats } from "node:fs";
import { TswslError } from "../../base/errors.ts";

/**
 * Makes sure that what listens in this directory is our own daemon: a directory of ours that is closed to others.
 * Somebody else's could take over what we type. Passes when there is none yet. Raises `permission`.
 */
export function checkRuntimeDirectory(path: string, user = process.getuid?.()): void {
  // Windows: the pipe's own access list says who may listen.
  if (user === undefined) return;
  const found = statusOf(path);
  if (found === undefined) return;
  if (found.isDirectory() && found.uid === user && (found.mode & 0o077) === 0) return;
  throw new TswslError(
    "permission",
    `${path} must be a directory of yours that is closed to others (mode 700)`,
    {
      hint: `See who made it: ls -ld ${path}; then remove it, or: chmod 700 ${path}`,
    },
  );
}

/** At once: `node:fs/promises` and what it loads take longer than the call. */
function statusOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw new TswslError("permission", `cannot look at ${path}: ${String(error)}`, { cause: error });
  }
}
