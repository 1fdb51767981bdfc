import { asTswslError, type ErrorCode, isTswslError, TswslError } from "../../base/errors.ts";
import type { Errno } from "../../fs-9p/errors/errno.ts";
import { FileError } from "../../fs-9p/errors/file-error.ts";
import { textFromName } from "../../fs-9p/names.ts";

/** What users are told; other errnos are named. */
const known: Partial<Record<Errno, readonly [ErrorCode, string]>> = {
  EPERM: ["permission", "not permitted"],
  EACCES: ["permission", "permission denied"],
  EROFS: ["permission", "the file system is read-only"],
  ENOENT: ["not-found", "no such file or directory"],
  EEXIST: ["exists", "it exists already"],
  ENOTEMPTY: ["exists", "the directory is not empty"],
  ENOTDIR: ["invalid-argument", "not a directory"],
  EISDIR: ["invalid-argument", "is a directory"],
  ELOOP: ["invalid-argument", "too many levels of symbolic links"],
  EINVAL: ["invalid-argument", "not possible here"],
  ENAMETOOLONG: ["invalid-argument", "the name is too long"],
  ENXIO: ["unsupported", "nothing that can be read"],
  EOPNOTSUPP: ["unsupported", "the file system there has no such files"],
  ENOSPC: ["unavailable", "no space is left"],
  EDQUOT: ["unavailable", "the quota is used up"],
  EBUSY: ["invalid-state", "it is in use"],
  ETXTBSY: ["invalid-state", "it is being executed"],
  EIO: ["unavailable", "it cannot be read or written"],
};

/** The failure of an operation on one file, in the user's terms, without its path; errors of the product as they are. */
export function fileFailure(error: unknown): TswslError {
  if (!(error instanceof FileError)) return asTswslError(error);
  // What broke the connection says more than the errno that its callers get.
  if (isTswslError(error.cause)) return error.cause;
  const [code, text] = known[error.code] ?? ["internal", error.code];
  return new TswslError(code, text, { cause: error, details: { errno: error.code } });
}

/** {@link fileFailure} with the path, a byte string, before it. */
export function failureAt(path: string, error: unknown): TswslError {
  const failure = fileFailure(error);
  if (!(error instanceof FileError) || isTswslError(error.cause)) return failure;
  const { code, message, details } = failure;
  return new TswslError(code, `${textFromName(path)}: ${message}`, {
    cause: error,
    details,
    hint: hintOf(error.code),
  });
}

function hintOf(code: Errno): string | undefined {
  return code === "EACCES" || code === "EPERM" ? "As root: --user root" : undefined;
}

/** True for the refusal with this errno. */
export function isErrno(error: unknown, ...codes: readonly Errno[]): boolean {
  return error instanceof FileError && codes.includes(error.code);
}
