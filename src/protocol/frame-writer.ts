import { Writable } from "node:stream";
import { TswslError } from "../base/errors.ts";
import { type DataFrameType, INITIAL_CREDIT, MAX_DATA_BYTES } from "./frames.ts";
import { PendingWrite, totalBytes, type WriteCallback } from "./pending-write.ts";

/** What a channel asks of its connection. */
export interface FrameWriterPort {
  /** True while the stream below is full: sending waits for {@link ChannelWriter.advance}. */
  readonly congested: () => boolean;
  readonly sendData: (channel: DataFrameType, body: readonly Buffer[], flushed?: WriteCallback) => void;
}

const MAX_CREDIT = 0xffff_ffff;

/** The sending end of one channel: takes bytes while the peer has given credit. `end()` sends the end of file. */
export class ChannelWriter extends Writable {
  readonly #port: FrameWriterPort;
  readonly #channel: DataFrameType;
  #credit = INITIAL_CREDIT;
  #write: PendingWrite | undefined;

  constructor(channel: DataFrameType, port: FrameWriterPort) {
    super({ highWaterMark: 256 * 1024 });
    this.#channel = channel;
    this.#port = port;
    // A connection that breaks destroys its channels; `close` follows even if nobody listens for the error.
    this.on("error", () => {});
  }

  /** The peer can take so many bytes more. Throws `protocol` for more than any honest peer would give. */
  grant(bytes: number): void {
    this.#credit += bytes;
    if (this.#credit > MAX_CREDIT)
      throw new TswslError("protocol", `credit overflow on channel ${this.#channel}`);
    this.advance();
  }

  /** Sends what credit and the stream below allow now. */
  advance(): void {
    while (this.#write && this.#credit > 0 && !this.#port.congested()) {
      const write = this.#write;
      const body = write.take(Math.min(this.#credit, MAX_DATA_BYTES));
      this.#credit -= totalBytes(body);
      if (write.bytes === 0) this.#write = undefined;
      this.#port.sendData(this.#channel, body, write.bytes === 0 ? write.callback : undefined);
    }
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: WriteCallback): void {
    this.#begin(new PendingWrite([chunk], callback));
  }

  override _writev(writes: { chunk: Buffer }[], callback: WriteCallback): void {
    this.#begin(
      new PendingWrite(
        writes.map(({ chunk }) => chunk),
        callback,
      ),
    );
  }

  override _final(callback: WriteCallback): void {
    this.#port.sendData(this.#channel, [], callback);
  }

  override _destroy(error: Error | null, callback: WriteCallback): void {
    const write = this.#write;
    this.#write = undefined;
    write?.callback(error ?? new TswslError("disconnected", "the channel was closed before it was sent"));
    callback(error);
  }

  /** An empty frame would mean the end of file. */
  #begin(write: PendingWrite): void {
    if (write.bytes === 0) {
      write.callback();
      return;
    }
    this.#write = write;
    this.advance();
  }
}
