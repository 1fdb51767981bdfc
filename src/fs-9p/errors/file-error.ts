import { type Errno, errnoNumbers } from "./errno.ts";

/**
 * A file operation's refusal: a Linux errno. It has no stack trace, because it is an answer and not a defect, and taking one
 * costs as much as the system call when programs look for files that are not there.
 */
export class FileError extends Error {
  override readonly name = "FileError";
  readonly code: Errno;

  constructor(code: Errno, options: { readonly message?: string; readonly cause?: unknown } = {}) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(options.message ?? code, options.cause === undefined ? undefined : { cause: options.cause });
    Error.stackTraceLimit = limit;
    this.code = code;
  }

  /** The number that Linux has for it. */
  get errno(): number {
    return errnoNumbers[this.code];
  }
}
