import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import type { ReportProgress } from "./distro-source.ts";
import { hashFile } from "./hash-file.ts";

type Hash = ReturnType<typeof createHash>;

/**
 * A file that is being downloaded: `<final>.part`, appended to and hashed as it grows, renamed when it is whole. The
 * server's ETag is kept beside it, so that a later run does not join two versions of a file.
 */
export class PartFile {
  readonly #handle: FileHandle;
  readonly #final: string;
  #hash: Hash;
  #size: number;

  private constructor(handle: FileHandle, final: string, state: { hash: Hash; size: number }) {
    this.#handle = handle;
    this.#final = final;
    this.#hash = state.hash;
    this.#size = state.size;
  }

  /** Opens what an earlier run left, reading it once for its hash, or begins anew. Errors of the disk pass. */
  static async open(final: string, signal: AbortSignal, report: ReportProgress): Promise<PartFile> {
    const handle = await open(`${final}.part`, constants.O_RDWR | constants.O_CREAT, 0o600);
    try {
      const { size } = await handle.stat();
      const hash = await hashFile(handle, { size, phase: "Checking what is already here" }, signal, report);
      return new PartFile(handle, final, { hash, size });
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  get sha256(): string {
    return this.#hash.copy().digest("hex");
  }

  async append(chunk: Uint8Array): Promise<void> {
    for (let written = 0; written < chunk.length;) {
      const { bytesWritten } = await this.#handle.write(
        chunk,
        written,
        chunk.length - written,
        this.#size + written,
      );
      written += bytesWritten;
    }
    this.#hash.update(chunk);
    this.#size += chunk.length;
  }

  /** Begins anew. */
  async reset(): Promise<void> {
    await this.#handle.truncate(0);
    await rm(this.#etagFile, { force: true });
    this.#hash = createHash("sha256");
    this.#size = 0;
  }

  /** The strong ETag that the bytes so far came under. */
  async etag(): Promise<string | undefined> {
    return readFile(this.#etagFile, "utf8").catch(() => undefined);
  }

  /** Weak ETags and absent ones are not kept: they promise nothing about bytes (RFC 9110 §8.8.1). */
  async setEtag(etag: string | null): Promise<void> {
    if (etag?.startsWith('"')) await writeFile(this.#etagFile, etag, { mode: 0o600 });
    else await rm(this.#etagFile, { force: true });
  }

  /** The file is whole: on the disk, under its final name. */
  async finish(): Promise<void> {
    await this.#handle.sync();
    await this.#handle.close();
    await rename(`${this.#final}.part`, this.#final);
    await rm(this.#etagFile, { force: true });
  }

  /** Stops for now; what is here stays for the next run. */
  async keep(): Promise<void> {
    await this.#handle.close();
  }

  /** Throws it away. */
  async discard(): Promise<void> {
    await this.#handle.close();
    await rm(`${this.#final}.part`, { force: true });
    await rm(this.#etagFile, { force: true });
  }

  get #etagFile(): string {
    return `${this.#final}.etag`;
  }
}
