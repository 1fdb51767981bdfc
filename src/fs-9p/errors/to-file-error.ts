import { isTswslError } from "../../base/errors.ts";
import { type Errno, isErrno } from "./errno.ts";
import { FileError } from "./file-error.ts";
import { linuxErrnoOfWindows } from "./windows-errors.ts";

/** Codes that are Node's own, or libuv's for what has no errno. */
const nodeCodes: ReadonlyMap<string, Errno> = new Map(
  Object.entries({
    ENOTSUP: "EOPNOTSUPP",
    ECHARSET: "EILSEQ",
    EOF: "EIO",
    ERR_INVALID_ARG_VALUE: "EINVAL",
    ERR_INVALID_ARG_TYPE: "EINVAL",
    ERR_OUT_OF_RANGE: "EINVAL",
    ERR_FS_FILE_TOO_LARGE: "EFBIG",
    ERR_FS_EISDIR: "EISDIR",
    ERR_BUFFER_OUT_OF_BOUNDS: "EINVAL",
  } as const satisfies Record<string, Errno>),
);

/** What the product's own errors are to a program that waits in a system call. */
const ownCodes = {
  "invalid-argument": "EINVAL",
  "not-found": "ENOENT",
  exists: "EEXIST",
  "invalid-state": "EINVAL",
  unsupported: "EOPNOTSUPP",
  permission: "EACCES",
  unavailable: "EAGAIN",
  timeout: "ETIMEDOUT",
  cancelled: "EINTR",
  disconnected: "ENOTCONN",
  protocol: "EPROTO",
  internal: "EIO",
} as const satisfies Record<string, Errno>;

/**
 * Any thrown value as a {@link FileError}: total, EIO when nothing fits, the original as its cause. Node's errors carry
 * libuv's code, which on Linux is the errno's name and on Windows libuv's own translation; where libuv had none it says
 * UNKNOWN and leaves the Win32 number, which is looked up here.
 */
export function toFileError(error: unknown): FileError {
  if (error instanceof FileError) return error;
  return new FileError(errnoOf(error), { cause: error });
}

function errnoOf(error: unknown): Errno {
  if (isTswslError(error)) return ownCodes[error.code];
  if (typeof error !== "object" || error === null) return "EIO";
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (code === "UNKNOWN" || code === "") {
    const number = "errno" in error && typeof error.errno === "number" ? error.errno : 0;
    return linuxErrnoOfWindows(number) ?? "EIO";
  }
  const known = nodeCodes.get(code);
  if (known !== undefined) return known;
  return isErrno(code) ? code : "EIO";
}
