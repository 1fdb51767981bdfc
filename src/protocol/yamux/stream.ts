import { Duplex } from "node:stream";
import { TswslError } from "../../base/errors.ts";
import { Inbox } from "../inbox.ts";
import { PendingWrite, totalBytes, type WriteCallback } from "../pending-write.ts";

/** Each direction of a new stream may carry this much before the first window update (spec.md, "Window Update"). */
export const INITIAL_WINDOW_BYTES = 256 * 1024;
/** What we let a peer send ahead of the reader: enough to keep the link busy while the reader is scheduled. */
export const RECEIVE_WINDOW_BYTES = 4 * 1024 * 1024;
/** Largest body of a frame we send. A stream waits at most this much of each other stream for its turn. */
const MAX_FRAME_BYTES = 64 * 1024;
const MAX_WINDOW_BYTES = 0xffff_ffff;

/** What a stream asks of its session. */
export interface StreamPort {
  /** The stream has something to send: give it a turn, see {@link YamuxStream.transmit}. */
  ready(stream: YamuxStream): void;
  sendData(streamId: number, body: readonly Buffer[], flushed: WriteCallback): void;
  sendWindowUpdate(streamId: number, bytes: number): void;
  sendFin(streamId: number): void;
  sendReset(streamId: number): void;
  /** Nothing more will be sent or received. */
  forget(stream: YamuxStream): void;
}

/**
 * One yamux stream as a node Duplex. `end()` closes only the sending half; `destroy()` before both halves have ended
 * resets the stream. A reset by the peer raises `disconnected`, as does the end of the session. It always has an
 * error listener, so a peer that resets a stream nobody listens to cannot end the process; `close` follows anyway.
 */
export class YamuxStream extends Duplex {
  readonly id: number;
  readonly #port: StreamPort;
  readonly #inbox = new Inbox(this);
  #sendWindow = INITIAL_WINDOW_BYTES;
  #receiveWindow = RECEIVE_WINDOW_BYTES;
  #write: PendingWrite | undefined;
  #final: WriteCallback | undefined;
  #finSent = false;
  #resetReceived = false;

  constructor(port: StreamPort, id: number) {
    super({ allowHalfOpen: true, readableHighWaterMark: 16 * 1024, writableHighWaterMark: 256 * 1024 });
    this.#port = port;
    this.id = id;
    this.on("error", () => {});
  }

  // --- what the session found on the wire ---

  /** A data frame of this length has begun. Throws `protocol` when the window does not allow it. */
  announce(length: number): void {
    if (length > 0 && this.#inbox.ended)
      throw new TswslError("protocol", `data after the end of stream ${this.id}`);
    if (length > this.#receiveWindow) {
      throw new TswslError(
        "protocol",
        `stream ${this.id} exceeds its window: ${length} > ${this.#receiveWindow}`,
      );
    }
    this.#receiveWindow -= length;
  }

  /** Bytes of the frame announced. */
  receive(bytes: Buffer): void {
    this.#inbox.receive(bytes);
  }

  /** The peer will send no more. */
  receiveFin(): void {
    if (this.#inbox.ended) throw new TswslError("protocol", `stream ${this.id} ended twice`);
    this.#inbox.end();
    this.#forgetWhenOver();
  }

  /** The peer has dropped the stream, with whatever was under way in both directions. */
  receiveReset(): void {
    this.#resetReceived = true;
    this.destroy(new TswslError("disconnected", "the peer reset the stream"));
  }

  /** The peer can take so many bytes more. */
  enlargeSendWindow(bytes: number): void {
    this.#sendWindow += bytes;
    if (this.#sendWindow > MAX_WINDOW_BYTES)
      throw new TswslError("protocol", `stream ${this.id}: window overflow`);
    if (this.#write) this.#port.ready(this);
  }

  // --- the session's turn to send ---

  /** Sends at most one frame. True when another could follow at once. */
  transmit(): boolean {
    if (this.#write) this.#sendSome(this.#write);
    if (!this.#write && this.#final && !this.destroyed) this.#sendEnd(this.#final);
    return this.#write !== undefined && this.#sendWindow > 0;
  }

  #sendSome(write: PendingWrite): void {
    const body = write.take(Math.min(this.#sendWindow, MAX_FRAME_BYTES));
    if (body.length === 0) return;
    this.#sendWindow -= totalBytes(body);
    const last = write.bytes === 0;
    if (last) this.#write = undefined;
    this.#port.sendData(this.id, body, last ? write.callback : ignoreResult);
  }

  #sendEnd(callback: WriteCallback): void {
    this.#final = undefined;
    this.#finSent = true;
    this.#port.sendFin(this.id);
    this.#forgetWhenOver();
    callback();
  }

  #forgetWhenOver(): void {
    if (this.#finSent && this.#inbox.ended) this.#port.forget(this);
  }

  // --- node's side ---

  override _read(): void {
    this.#inbox.flow();
    this.#returnCredit();
  }

  /** Half a window at a time, as the authors' implementation does: fewer frames, and the sender never runs dry. */
  #returnCredit(): void {
    if (this.#inbox.ended || this.destroyed) return;
    const credit = RECEIVE_WINDOW_BYTES - this.#receiveWindow - this.#inbox.held;
    if (credit < RECEIVE_WINDOW_BYTES / 2) return;
    this.#receiveWindow += credit;
    this.#port.sendWindowUpdate(this.id, credit);
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

  #begin(write: PendingWrite): void {
    if (write.bytes === 0) {
      write.callback();
      return;
    }
    this.#write = write;
    this.#port.ready(this);
  }

  override _final(callback: WriteCallback): void {
    this.#final = callback;
    this.#port.ready(this);
  }

  override _destroy(error: Error | null, callback: WriteCallback): void {
    const over = this.#resetReceived || (this.#finSent && this.#inbox.ended);
    if (!over) this.#port.sendReset(this.id);
    this.#port.forget(this);
    const write = this.#write;
    this.#write = undefined;
    write?.callback(
      error ?? new TswslError("disconnected", `stream ${this.id} was destroyed before it was sent`),
    );
    callback(error);
  }
}

/** A failed write fails the whole session, which then destroys the stream with a better error. */
function ignoreResult(): void {}
