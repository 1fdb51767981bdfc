import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { resolve } from "node:path";
import { throwIfAborted } from "../../base/deadline.ts";
import { TswslError } from "../../base/errors.ts";
import { detectArchive, MAGIC_BYTES } from "./archive-magic.ts";
import type { Compression, DistroSource, OpenedArchive, ReportProgress } from "./distro-source.ts";
import { fileError } from "./file-error.ts";
import { hashFile, normalizeSha256 } from "./hash-file.ts";
import { notAnArchive } from "./not-an-archive.ts";

export interface FileRequest {
  readonly path: string;
  /** Checked before anything is imported. */
  readonly sha256?: string | undefined;
  readonly defaultName?: string | undefined;
}

/** Bytes read ahead of the guest. */
const READ_AHEAD = 256 * 1024;

/** The file that has been opened and checked, whatever its path leads to by now: proc(5). */
function openedFile({ fd }: FileHandle): string | undefined {
  return process.platform === "linux" ? `/proc/${process.pid}/fd/${fd}` : undefined;
}

/**
 * An archive on this host, known by its first bytes and not by its name. `open` raises `not-found`, `permission`,
 * and `invalid-argument` for a directory, for what is not an archive, and for a SHA-256 that does not fit.
 */
export class FileSource implements DistroSource {
  readonly describe: string;
  readonly defaultName: string | undefined;
  readonly #request: FileRequest;
  #handle: FileHandle | undefined;

  constructor(request: FileRequest) {
    this.#request = { ...request, path: resolve(request.path) };
    this.describe = `the file ${this.#request.path}`;
    this.defaultName = request.defaultName;
  }

  readonly open = async (signal: AbortSignal, report: ReportProgress): Promise<OpenedArchive> => {
    throwIfAborted(signal);
    const expected = this.#expectedHash();
    try {
      // Without O_NONBLOCK, opening a named pipe nobody writes to would hang where no signal reaches.
      const handle = await open(this.#request.path, constants.O_RDONLY | constants.O_NONBLOCK);
      this.#handle = handle;
      const size = await this.#regularSize(handle);
      const compression = await this.#detect(handle);
      if (expected !== undefined) await this.#check(handle, { size, expected }, signal, report);
      const stream = handle.createReadStream({ start: 0, highWaterMark: READ_AHEAD, autoClose: false });
      return { stream, compression, size, file: openedFile(handle) };
    } catch (error) {
      await this.close();
      throw fileError(error, this.describe);
    }
  };

  readonly close = async (): Promise<void> => {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  };

  #expectedHash(): string | undefined {
    const { sha256 } = this.#request;
    if (sha256 === undefined) return undefined;
    const expected = normalizeSha256(sha256);
    if (expected !== undefined) return expected;
    throw new TswslError("invalid-argument", `'${sha256}' is not a SHA-256`, {
      hint: `Give the 64 hexadecimal digits that sha256sum prints.`,
    });
  }

  async #regularSize(handle: FileHandle): Promise<number> {
    const stats = await handle.stat();
    if (stats.isFile()) return stats.size;
    const what = stats.isDirectory() ? "a directory" : "not a regular file";
    const hint = stats.isDirectory()
      ? "Give the archive itself."
      : "Pipe it in instead: … | tswsl install --from-file -";
    throw new TswslError("invalid-argument", `${this.describe} is ${what}`, { hint });
  }

  async #detect(handle: FileHandle): Promise<Compression> {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAGIC_BYTES), 0, MAGIC_BYTES, 0);
    const compression = detectArchive(buffer.subarray(0, bytesRead));
    if (compression === undefined) throw notAnArchive(this.describe);
    return compression;
  }

  async #check(
    handle: FileHandle,
    { size, expected }: { size: number; expected: string },
    signal: AbortSignal,
    report: ReportProgress,
  ): Promise<void> {
    const actual = (await hashFile(handle, { size, phase: "Checking" }, signal, report)).digest("hex");
    if (actual === expected) return;
    throw new TswslError("invalid-argument", `${this.describe} has SHA-256 ${actual}, not ${expected}`, {
      hint: "The file is damaged, or another one than you think: get it again.",
    });
  }
}
