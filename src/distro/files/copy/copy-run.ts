import type { ErrorCode } from "../../../base/errors.ts";
import type { Progress } from "../../../protocol/daemon.ts";
import { textFromName } from "../../../fs-9p/names.ts";
import { fileFailure, isErrno } from "../file-failure.ts";

/** So many failures are told one by one. */
const MAX_FAILURES = 100;
const REPORT_EVERY_MS = 100;

export interface CopyFailure {
  readonly path: string;
  readonly code: ErrorCode;
  readonly message: string;
}

export interface CopyRunOptions {
  /** Fires when nobody wants the copy any more, or one of the sides is gone. */
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
  /** Owners are kept: root writes there. */
  readonly keepOwner: boolean;
}

/** What one copy has done so far, and what all parts of it need. */
export class CopyRun {
  readonly signal: AbortSignal;
  readonly keepOwner: boolean;
  files = 0;
  directories = 0;
  others = 0;
  bytes = 0;
  failed = 0;
  readonly failures: CopyFailure[] = [];
  /** Of the one file that is copied, when it is one. */
  total: number | undefined;
  readonly #report: (progress: Progress) => void;
  #reported = 0;

  constructor({ signal, report, keepOwner }: CopyRunOptions) {
    this.signal = signal;
    this.keepOwner = keepOwner;
    this.#report = report;
  }

  /** Bytes that have arrived. */
  add(bytes: number): void {
    this.bytes += bytes;
    const now = performance.now();
    if (now - this.#reported < REPORT_EVERY_MS) return;
    this.#reported = now;
    const { total } = this;
    this.#report({ phase: "Copying", done: this.bytes, ...(total !== undefined && { total }) });
  }

  /** About what is at a path, a byte string. */
  warn(path: string, text: string): void {
    this.#report({ phase: "Copying", warning: `${textFromName(path)}: ${text}` });
  }

  /** Runs what copies one thing: its failure is noted, and the others go on. What no other would survive is thrown. */
  async attempt(path: string, work: () => Promise<void>): Promise<void> {
    this.signal.throwIfAborted();
    try {
      await work();
    } catch (error) {
      this.signal.throwIfAborted();
      this.fail(path, error);
      if (isErrno(error, "ENOSPC", "EDQUOT", "EROFS")) throw error;
    }
  }

  fail(path: string, error: unknown): void {
    this.failed += 1;
    const { code, message } = fileFailure(error);
    if (this.failures.length < MAX_FAILURES) this.failures.push({ path: textFromName(path), code, message });
  }
}
