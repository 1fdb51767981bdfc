import { type ErrorCode, TswslError } from "../../base/errors.ts";

/** Node's errno names that a user's own files and disks can cause. */
const causes: Readonly<Record<string, readonly [ErrorCode, string, string]>> = {
  ENOENT: ["not-found", "does not exist", "Check the path."],
  ENOTDIR: ["not-found", "does not exist", "Check the path."],
  EISDIR: [
    "invalid-argument",
    "is a directory",
    "Give the archive itself: a .tar, .tar.gz, .tar.xz, .tar.zst or .wsl file.",
  ],
  EACCES: ["permission", "may not be read", "Check its permissions and those of its folders."],
  EPERM: ["permission", "may not be read", "Check its permissions and those of its folders."],
  ENOSPC: ["unavailable", "does not fit on the disk", "Free some space and try again."],
  EDQUOT: ["unavailable", "exceeds your disk quota", "Free some space and try again."],
  EROFS: ["permission", "is on a read-only file system", "Choose another place."],
  EIO: ["unavailable", "cannot be read: the disk reports an error", "Check the disk."],
};

/** A failure of the host's file system, told about `what`, such as `the file /x.tar`. Unknown causes are `internal`. */
export function fileError(error: unknown, what: string): TswslError {
  if (error instanceof TswslError) return error;
  const errno = errnoOf(error);
  const known = errno === undefined ? undefined : causes[errno];
  const details = errno === undefined ? {} : { details: { errno } };
  if (!known) {
    const text = error instanceof Error ? error.message : String(error);
    return new TswslError("internal", `${what}: ${text}`, { cause: error, ...details });
  }
  const [code, text, hint] = known;
  return new TswslError(code, `${what} ${text}`, { hint, cause: error, ...details });
}

/** `ENOENT` and the like of a Node error. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
