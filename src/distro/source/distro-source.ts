import type { Readable } from "node:stream";
import type { Progress } from "../../protocol/daemon.ts";

export type Compression = "none" | "gzip" | "xz" | "zstd";

export type ReportProgress = (progress: Progress) => void;

/** The archive of a root file system, ready to flow. */
export interface OpenedArchive {
  /** The bytes of the tar, compressed as told. The receiver reads it to its end or destroys it. */
  readonly stream: Readable;
  readonly compression: Compression;
  /** Bytes that `stream` will give, when known. */
  readonly size: number | undefined;
  /** Where QEMU can open the file whose bytes, from the first to the last, `stream` gives; absent when there is none. */
  readonly file?: string | undefined;
}

/**
 * Where a distro comes from. Used once: `open`, then `close` in any case. Whatever can be checked without the guest
 * (the name, the hash, that it is an archive) is checked by `open`, before a byte reaches the guest.
 */
export interface DistroSource {
  /** For messages and the log: `the file /x/y.tar`. */
  readonly describe: string;
  /** The distro's name when the user gives none; undefined leaves it to the image. */
  readonly defaultName: string | undefined;
  /** Reports bytes under `done` and `total`. May take minutes and raises `cancelled` when the signal fires. */
  readonly open: (signal: AbortSignal, report: ReportProgress) => Promise<OpenedArchive>;
  /** Gives up what `open` took. Idempotent, also without or during `open`. */
  readonly close: () => Promise<void>;
}
