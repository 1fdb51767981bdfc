import { lstat } from "node:fs/promises";
import { TswslError } from "../../base/errors.ts";

/**
 * Makes sure that what listens in this directory is our own daemon: a directory of ours that is closed to others.
 * Somebody else's could take over what we type. Passes when there is none yet. Raises `permission`.
 */
export async function checkRuntimeDirectory(path: string, user = process.getuid?.()): Promise<void> {
  // Windows: the pipe's own access list says who may listen.
  if (user === undefined) return;
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new TswslError("permission", `cannot look at ${path}: ${error.message}`, { cause: error });
  });
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
