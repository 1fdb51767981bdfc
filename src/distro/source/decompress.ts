import { pipeline, Transform } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { TswslError } from "../../base/errors.ts";
import type { OpenedArchive } from "./distro-source.ts";
import { errnoOf } from "./file-error.ts";

const CHUNK_BYTES = 256 * 1024;

/**
 * The same archive as plain tar, unpacked on the host: worth it where the guest's processor is emulated. Gzip, and
 * zstd when the size of the tar is known: Node's decoder takes a zstd file that is cut short for a whole one. Others
 * come back as they are. The stream of a damaged one fails with `invalid-argument`.
 */
export function decompressOnHost(archive: OpenedArchive, tarBytes?: number): OpenedArchive {
  const decoder = decoderFor(archive, tarBytes);
  if (!decoder) return archive;
  const whole = new WholeArchive(tarBytes);
  // The reader sees one stream: what fails before it ends it, with the error in our words.
  pipeline(archive.stream, decoder, whole, () => undefined);
  return { stream: whole, compression: "none", size: tarBytes };
}

function decoderFor({ compression }: OpenedArchive, tarBytes: number | undefined): Transform | undefined {
  if (compression === "gzip") return createGunzip({ chunkSize: CHUNK_BYTES });
  if (compression === "zstd" && tarBytes !== undefined)
    return createZstdDecompress({ chunkSize: CHUNK_BYTES });
  return undefined;
}

/** Lets through what comes, and fails at the end when it was not as much as it should be. */
class WholeArchive extends Transform {
  readonly #expected: number | undefined;
  #bytes = 0;

  constructor(expected: number | undefined) {
    super({ highWaterMark: CHUNK_BYTES });
    this.#expected = expected;
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: (error: null, chunk: Buffer) => void): void {
    this.#bytes += chunk.length;
    done(null, chunk);
  }

  override _flush(done: (error?: Error) => void): void {
    if (this.#expected === undefined || this.#bytes === this.#expected) done();
    else done(damaged());
  }

  /** Every failure passes here before anyone hears of it. */
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const isFormat = /^(Z_|ZSTD_)/.test(errnoOf(error) ?? "");
    done(isFormat ? damaged(error) : error);
  }
}

function damaged(cause?: unknown): TswslError {
  return new TswslError("invalid-argument", "the archive is damaged or cut short", {
    hint: "Get the archive again.",
    cause,
  });
}
