import { addAbortSignal, Readable } from "node:stream";
import { cancelled, throwIfAborted } from "../../base/deadline.ts";
import { asTswslError, TswslError } from "../../base/errors.ts";
import { detectArchive, MAGIC_BYTES } from "./archive-magic.ts";
import type { DistroSource, OpenedArchive } from "./distro-source.ts";
import { notAnArchive } from "./not-an-archive.ts";

/**
 * An archive that flows in from a client. No deadline on its bytes: the writer may be a person's own pipeline; the
 * signal ends it. `open` raises `invalid-argument` for an empty stream and for what is not an archive.
 */
export class UploadSource implements DistroSource {
  readonly describe = "the archive on standard input";
  readonly defaultName = undefined;
  readonly #input: Readable;

  /** `input` gives bytes; it is destroyed by `close`. */
  constructor(input: Readable) {
    this.#input = input;
  }

  readonly open = async (signal: AbortSignal): Promise<OpenedArchive> => {
    throwIfAborted(signal);
    addAbortSignal(signal, this.#input);
    try {
      const { head, last } = await readHead(this.#input);
      if (head.length === 0) {
        throw new TswslError("invalid-argument", "nothing came on standard input", {
          hint: "Pipe an archive in: tswsl install --from-file - --name NAME < rootfs.tar",
        });
      }
      const compression = detectArchive(head);
      if (compression === undefined) throw notAnArchive(this.describe);
      // Put back, so that the stream is the input itself: it can be destroyed while nothing comes.
      if (!last) this.#input.unshift(head);
      const stream = last ? Readable.from([head], { objectMode: false }) : this.#input;
      return { stream, compression, size: undefined };
    } catch (error) {
      await this.close();
      throw signal.aborted ? cancelled(signal) : asTswslError(error);
    }
  };

  readonly close = (): Promise<void> => {
    this.#input.destroy();
    return Promise.resolve();
  };
}

async function readHead(input: Readable): Promise<{ head: Buffer; last: boolean }> {
  const read: Buffer[] = [];
  let length = 0;
  for await (const chunk of input.iterator({ destroyOnReturn: false })) {
    // A byte stream's iterator gives Buffers.
    const bytes = chunk as Buffer;
    read.push(bytes);
    length += bytes.length;
    if (length >= MAGIC_BYTES) return { head: Buffer.concat(read), last: false };
  }
  return { head: Buffer.concat(read), last: true };
}
