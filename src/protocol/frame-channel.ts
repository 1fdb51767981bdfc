import { once } from "node:events";
import type { Duplex, Readable, Writable } from "node:stream";
import * as v from "valibot";
import { withDeadline } from "../base/deadline.ts";
import { asTswslError, TswslError } from "../base/errors.ts";
import { timeouts } from "../base/timeouts.ts";
import { closeSoon } from "./close-soon.ts";
import { Progress } from "./daemon.ts";
import { parseJson } from "./frame-header.ts";
import { ChannelReader } from "./frame-reader.ts";
import { ChannelWriter } from "./frame-writer.ts";
import {
  type DataFrameType,
  encodeWindow,
  type Frame,
  FRAME_HEADER_BYTES,
  FrameDecoder,
  FrameType,
} from "./frames.ts";
import { totalBytes, type WriteCallback } from "./pending-write.ts";
import { parseWireError } from "./wire-error.ts";

/** How a command ended: its status, or the Linux number of the signal that ended it. */
export interface ExitStatus {
  readonly kind: "status" | "signal";
  readonly value: number;
}

export interface FrameConnectionOptions {
  /** Channels this side sends on. */
  readonly sends: readonly DataFrameType[];
  /** Channels this side receives on. */
  readonly receives: readonly DataFrameType[];
  readonly onResize?: (rows: number, columns: number) => void;
  /** A Linux signal number, 1 to 64. */
  readonly onSignal?: (signal: number) => void;
  readonly onProgress?: (report: Progress) => void;
}

/**
 * A stream that goes on in frames after its header: channels with credit of their own, so that a stalled stdout does
 * not hold up stderr, and events between them. It owns the stream. Frames are read at once, so the channels' readers
 * may come later: what they have not taken is bounded by the credit.
 *
 * A violation by the peer destroys the stream and everything on it with `protocol`.
 */
export class FrameConnection {
  /**
   * How the deed of this stream ended, when the peer says so: its exit frame, or its error frame as a rejection.
   * Rejects with `disconnected` when the stream ends without either, `protocol` on a violation. Bytes received before
   * are still to be read from the channels, which end after them.
   */
  readonly outcome: Promise<ExitStatus>;
  readonly #stream: Duplex;
  readonly #options: FrameConnectionOptions;
  readonly #writers: ReadonlyMap<number, ChannelWriter>;
  readonly #readers: ReadonlyMap<number, ChannelReader>;
  readonly #settle: { resolve: (status: ExitStatus) => void; reject: (error: TswslError) => void };
  /** The last frame has been received, or the stream is over. */
  #over = false;

  constructor(stream: Duplex, options: FrameConnectionOptions) {
    this.#stream = stream;
    this.#options = options;
    const port = {
      congested: () => stream.writableNeedDrain,
      sendData: (channel: DataFrameType, body: readonly Buffer[], flushed?: WriteCallback) =>
        this.#sendData(channel, body, flushed),
    };
    this.#writers = new Map(options.sends.map((channel) => [channel, new ChannelWriter(channel, port)]));
    const sendWindow = (channel: DataFrameType, bytes: number): void => {
      if (stream.writable) stream.write(encodeWindow(channel, bytes));
    };
    this.#readers = new Map(
      options.receives.map((channel) => [channel, new ChannelReader(channel, sendWindow)]),
    );
    const { promise, resolve, reject } = Promise.withResolvers<ExitStatus>();
    this.outcome = promise;
    this.#settle = { resolve, reject };
    // A side that runs the command has no use for the outcome and must not be ended by its rejection.
    promise.catch(() => {});
    this.#listen();
  }

  /** Where to write what goes out on a channel of `sends`; `end()` is the end of file. */
  writable(channel: DataFrameType): Writable {
    return known(this.#writers, channel);
  }

  /** Where to read what comes in on a channel of `receives`. */
  readable(channel: DataFrameType): Readable {
    return known(this.#readers, channel);
  }

  /**
   * Sends a frame that is not data, from the encode functions of frames.ts. Resolves when there is room for another.
   * Rejects with `disconnected` or `cancelled`.
   */
  async send(frame: Buffer, signal: AbortSignal): Promise<void> {
    if (!this.#stream.writable) throw lost();
    if (this.#stream.write(frame)) return;
    const deadline = { ms: timeouts.frameSend, what: "the other end to read" };
    await withDeadline(signal, deadline, async (signal) => {
      await Promise.race([once(this.#stream, "drain", { signal }), once(this.#stream, "close", { signal })]);
    });
    if (this.#stream.destroyed) throw lost();
  }

  /** Everything has been sent: ends the stream after what was written, and lets the peer end its half. Idempotent. */
  close(): void {
    closeSoon(this.#stream);
  }

  /** Gives the stream up at once. The peer sees a reset where the transport can say so. */
  destroy(): void {
    this.#fail(new TswslError("cancelled", "the connection was given up"));
  }

  #listen(): void {
    const decoder = new FrameDecoder();
    const stream = this.#stream;
    stream.on("data", (chunk: Buffer) => {
      try {
        for (const frame of decoder.push(chunk)) this.#receive(frame);
      } catch (error) {
        this.#fail(asTswslError(error));
      }
    });
    stream.on("drain", () => {
      for (const writer of this.#writers.values()) writer.advance();
    });
    // After the last frame it is the peer's good order, and our half is ending already.
    stream.on("end", () => {
      if (!this.#over) this.#fail(lost());
    });
    stream.on("error", (error) => this.#fail(lost(error)));
    stream.on("close", () => this.#fail(lost()));
    if (stream.destroyed) this.#fail(lost());
  }

  #receive({ type, payload }: Frame): void {
    if (this.#over) {
      if (!this.#stream.destroyed) throw new TswslError("protocol", `frame type ${type} after the last one`);
    } else if (type === FrameType.window) {
      known(this.#writers, payload.readUInt8(0)).grant(payload.readUInt32BE(1));
    } else if (type === FrameType.resize) {
      this.#options.onResize?.(payload.readUInt16BE(0), payload.readUInt16BE(2));
    } else if (type === FrameType.signal) {
      const signal = checkSignal(payload.readUInt8(0));
      this.#options.onSignal?.(signal);
    } else if (type === FrameType.progress) {
      const parsed = v.safeParse(Progress, parseJson(payload));
      if (parsed.success) this.#options.onProgress?.(parsed.output);
    } else if (type === FrameType.exit) {
      this.#settle.resolve(parseExit(payload));
      this.#finish();
    } else if (type === FrameType.error) {
      this.#settle.reject(parseWireError(parseJson(payload)));
      this.#finish();
    } else {
      known(this.#readers, type).receive(payload);
    }
  }

  /** The last frame is here: nothing we could still send would be of use, and both sides end their halves. */
  #finish(): void {
    this.#over = true;
    for (const reader of this.#readers.values()) reader.finish();
    for (const writer of this.#writers.values()) writer.destroy();
    this.close();
  }

  #fail(error: TswslError): void {
    this.#settle.reject(error);
    for (const writer of this.#writers.values()) writer.destroy(error);
    // Channels that have had their end of file keep what is still to be read.
    for (const reader of this.#readers.values()) if (!reader.ended) reader.destroy(error);
    this.#over = true;
    this.#stream.destroy();
  }

  #sendData(channel: DataFrameType, body: readonly Buffer[], flushed?: WriteCallback): void {
    const header = Buffer.allocUnsafe(FRAME_HEADER_BYTES);
    header.writeUInt8(channel, 0);
    header.writeUIntBE(totalBytes(body), 1, 3);
    this.#stream.cork();
    const last = body.length - 1;
    this.#stream.write(header, last < 0 ? flushed : undefined);
    for (const [index, chunk] of body.entries())
      this.#stream.write(chunk, index === last ? flushed : undefined);
    process.nextTick(() => this.#stream.uncork());
  }
}

/** Throws `protocol`: the peer named a channel that does not exist in this direction. Our own callers name real ones. */
function known<C>(channels: ReadonlyMap<number, C>, channel: number): C {
  const found = channels.get(channel);
  if (found === undefined)
    throw new TswslError("protocol", `channel ${channel} does not exist in this direction`);
  return found;
}

function checkSignal(signal: number): number {
  if (signal >= 1 && signal <= 64) return signal;
  throw new TswslError("protocol", `there is no signal ${signal}`);
}

function parseExit(payload: Buffer): ExitStatus {
  const kind = payload.readUInt8(0);
  if (kind > 1) throw new TswslError("protocol", `a command cannot end in way ${kind}`);
  return { kind: kind === 0 ? "status" : "signal", value: payload.readUInt8(1) };
}

function lost(cause?: Error): TswslError {
  return new TswslError("disconnected", "the connection ended before the command did", { cause });
}
