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
    // A byte stream's iterator gives Buffers.
    const chunks = this.#input[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    try {
      const { head, last } = await readHead(chunks);
      if (head.length === 0) {
        throw new TswslError("invalid-argument", "nothing came on standard input", {
          hint: "Pipe an archive in: tswsl install --from-file - --name NAME < rootfs.tar",
        });
      }
      const compression = detectArchive(head);
      if (compression === undefined) throw notAnArchive(this.describe);
      return { stream: this.#rest(head, last ? undefined : chunks), compression, size: undefined };
    } catch (error) {
      await this.close();
      throw signal.aborted ? cancelled(signal) : asTswslError(error);
    }
  };

  readonly close = (): Promise<void> => {
    this.#input.destroy();
    return Promise.resolve();
  };

  #rest(head: Buffer, chunks: AsyncIterator<Buffer> | undefined): Readable {
    const whole = Readable.from(continued(head, chunks), { objectMode: false });
    // The generator may be waiting for a chunk that never comes; ending the input wakes it.
    whole.once("close", () => this.#input.destroy());
    return whole;
  }
}

async function readHead(chunks: AsyncIterator<Buffer>): Promise<{ head: Buffer; last: boolean }> {
  const read: Buffer[] = [];
  let length = 0;
  while (length < MAGIC_BYTES) {
    const next = await chunks.next();
    if (next.done) return { head: Buffer.concat(read), last: true };
    read.push(next.value);
    length += next.value.length;
  }
  return { head: Buffer.concat(read), last: false };
}

async function* continued(head: Buffer, chunks: AsyncIterator<Buffer> | undefined): AsyncGenerator<Buffer> {
  yield head;
  if (!chunks) return;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}
