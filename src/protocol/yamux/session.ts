import type { Duplex } from "node:stream";
import { asTswslError, TswslError } from "../../base/errors.ts";
import { closeSoon } from "../close-soon.ts";
import { totalBytes, type WriteCallback } from "../pending-write.ts";
import { encodeHeader, GoAwayReason, YamuxDecoder, YamuxFlag, type YamuxHeader, YamuxType } from "./codec.ts";
import { Pings } from "./pings.ts";
import { INITIAL_WINDOW_BYTES, RECEIVE_WINDOW_BYTES, YamuxStream } from "./stream.ts";

export interface YamuxOptions {
  /** The client opens streams with odd ids, the server with even ones. */
  readonly role: "client" | "server";
  /** Called for each stream the peer opens. Without it such streams are reset. */
  readonly onStream?: (stream: YamuxStream) => void;
  /** Streams alive at once, of both sides. What the peer opens above it is reset. */
  readonly maxStreams?: number;
}

const DEFAULT_MAX_STREAMS = 256;
/** Data waits for the transport once it holds this much: a full pipe, and still a short queue for control frames. */
const BACKLOG_BYTES = 256 * 1024;
/** Answers (pings, resets) that a peer provokes and does not read may pile up to this. */
const MAX_UNREAD_BYTES = 2 * 1024 * 1024;
const MAX_STREAM_ID = 0xffff_ffff;
const WINDOW_GROWTH = RECEIVE_WINDOW_BYTES - INITIAL_WINDOW_BYTES;

/**
 * Many streams over one byte stream: yamux version 0 (hashicorp/yamux, spec.md).
 *
 * Memory is bounded by the streams alive times the receive window, whatever the peer does. A violation ends the
 * session: a go away frame is sent, every stream fails with `protocol`. The end of the transport fails them with
 * `disconnected`. The session owns the transport and destroys it at the end.
 */
export class YamuxSession {
  /**
   * Resolves once, when the session is over and the transport released: with the reason, or undefined after
   * {@link close}. Never rejects.
   */
  readonly closed: Promise<TswslError | undefined>;
  readonly #transport: Duplex;
  readonly #onStream: ((stream: YamuxStream) => void) | undefined;
  readonly #maxStreams: number;
  readonly #streams = new Map<number, YamuxStream>();
  readonly #ready = new Set<YamuxStream>();
  readonly #pings: Pings;
  readonly #resolveClosed: (reason: TswslError | undefined) => void;
  readonly #peerParity: number;
  #nextId: number;
  #lastPeerId = 0;
  #receiving: YamuxStream | undefined;
  #peerGoneAway = false;
  #blocked = false;
  #corked = false;
  #over: { readonly reason: TswslError | undefined } | undefined;

  constructor(transport: Duplex, { role, onStream, maxStreams = DEFAULT_MAX_STREAMS }: YamuxOptions) {
    this.#transport = transport;
    this.#onStream = onStream;
    this.#maxStreams = maxStreams;
    this.#nextId = role === "client" ? 1 : 2;
    this.#peerParity = role === "client" ? 0 : 1;
    this.#pings = new Pings((id) =>
      this.#send({ type: YamuxType.ping, flags: YamuxFlag.syn, streamId: 0, length: id }),
    );
    const { promise, resolve } = Promise.withResolvers<TswslError | undefined>();
    this.closed = promise;
    this.#resolveClosed = resolve;
    this.#listen(transport);
  }

  /** Streams alive. */
  get streamCount(): number {
    return this.#streams.size;
  }

  /**
   * Opens a stream; it can be written to at once. Throws `disconnected` after the end of the session, `unavailable`
   * when the peer wants no more streams or too many are open.
   */
  open(): YamuxStream {
    if (this.#over) throw this.#reasonOver();
    if (this.#peerGoneAway) throw new TswslError("unavailable", "the peer takes no more streams");
    if (this.#streams.size >= this.#maxStreams || this.#nextId > MAX_STREAM_ID) {
      throw new TswslError("unavailable", `no more than ${this.#maxStreams} streams can be open on a link`);
    }
    const stream = this.#addStream(this.#nextId);
    this.#nextId += 2;
    this.#sendUpdate(stream.id, YamuxFlag.syn, WINDOW_GROWTH);
    return stream;
  }

  /** Milliseconds to the peer and back. Rejects with `timeout`, `cancelled` or `disconnected`. */
  async ping(signal: AbortSignal): Promise<number> {
    if (this.#over) throw this.#reasonOver();
    return await this.#pings.send(signal);
  }

  /** Tells the peer to open no more streams. Those that exist live on. */
  goAway(): void {
    this.#send({ type: YamuxType.goAway, flags: 0, streamId: 0, length: GoAwayReason.normal });
  }

  /** Ends the session: streams still open fail with `disconnected`. Idempotent; resolves as {@link closed} does. */
  async close(): Promise<TswslError | undefined> {
    this.#finish(undefined, GoAwayReason.normal);
    return await this.closed;
  }

  // --- receiving ---

  #listen(transport: Duplex): void {
    const decoder = new YamuxDecoder({
      header: (header) => this.#onHeader(header),
      body: (bytes) => this.#receiving?.receive(bytes),
      bodyEnd: (header) => this.#onBodyEnd(header),
    });
    transport.on("data", (chunk: Buffer) => {
      if (this.#over) return;
      try {
        decoder.push(chunk);
      } catch (error) {
        this.#finish(asTswslError(error), GoAwayReason.protocolError);
      }
    });
    transport.on("drain", () => this.#pump(true));
    transport.on("error", (cause) => this.#finish(lost(cause)));
    transport.on("end", () => this.#finish(lost()));
    transport.on("close", () => this.#finish(lost()));
  }

  #onHeader(header: YamuxHeader): void {
    if (this.#over) return;
    if (header.type === YamuxType.ping) this.#onPing(header);
    else if (header.type === YamuxType.goAway) this.#onGoAway(header.length);
    else this.#onStreamFrame(header);
  }

  #onStreamFrame(header: YamuxHeader): void {
    const stream =
      (header.flags & YamuxFlag.syn) === 0 ? this.#find(header.streamId) : this.#accept(header.streamId);
    if ((header.flags & YamuxFlag.rst) !== 0) {
      stream?.receiveReset();
    } else if (header.type === YamuxType.data) {
      stream?.announce(header.length);
      this.#receiving = stream;
    } else {
      stream?.enlargeSendWindow(header.length);
      if ((header.flags & YamuxFlag.fin) !== 0) stream?.receiveFin();
    }
  }

  #onBodyEnd(header: YamuxHeader): void {
    const stream = this.#receiving;
    this.#receiving = undefined;
    if ((header.flags & YamuxFlag.fin) !== 0) stream?.receiveFin();
  }

  /** Undefined for a stream that has ended: frames for it may still be under way, and are dropped. */
  #find(id: number): YamuxStream | undefined {
    const stream = this.#streams.get(id);
    const highest = id % 2 === this.#peerParity ? this.#lastPeerId : this.#nextId - 2;
    if (!stream && id > highest)
      throw new TswslError("protocol", `frame for stream ${id}, which nobody opened`);
    return stream;
  }

  #accept(id: number): YamuxStream | undefined {
    if (id % 2 !== this.#peerParity) throw new TswslError("protocol", `the peer cannot open stream ${id}`);
    if (this.#streams.has(id)) throw new TswslError("protocol", `stream ${id} was opened twice`);
    this.#lastPeerId = Math.max(this.#lastPeerId, id);
    if (!this.#onStream || this.#streams.size >= this.#maxStreams) {
      this.#sendUpdate(id, YamuxFlag.rst, 0);
      return undefined;
    }
    const stream = this.#addStream(id);
    this.#sendUpdate(id, YamuxFlag.ack, WINDOW_GROWTH);
    this.#onStream(stream);
    return stream;
  }

  #onPing({ flags, length }: YamuxHeader): void {
    if ((flags & YamuxFlag.syn) === 0) this.#pings.answered(length);
    else this.#send({ type: YamuxType.ping, flags: YamuxFlag.ack, streamId: 0, length });
  }

  #onGoAway(reason: number): void {
    this.#peerGoneAway = true;
    if (reason !== GoAwayReason.normal) {
      this.#finish(new TswslError("disconnected", `the peer ended the link (go away, reason ${reason})`));
    }
  }

  // --- sending ---

  #addStream(id: number): YamuxStream {
    const stream = new YamuxStream(
      {
        ready: (stream) => {
          this.#ready.add(stream);
          this.#pump(false);
        },
        sendData: (streamId, body, flushed) => this.#sendData(streamId, body, flushed),
        sendWindowUpdate: (streamId, bytes) => this.#sendUpdate(streamId, 0, bytes),
        sendFin: (streamId) => this.#sendUpdate(streamId, YamuxFlag.fin, 0),
        sendReset: (streamId) => this.#sendUpdate(streamId, YamuxFlag.rst, 0),
        forget: (stream) => this.#forget(stream),
      },
      id,
    );
    this.#streams.set(id, stream);
    return stream;
  }

  #forget(stream: YamuxStream): void {
    this.#streams.delete(stream.id);
    this.#ready.delete(stream);
    if (this.#receiving === stream) this.#receiving = undefined;
  }

  /** Turns go round: a stream that has more to send queues up behind the others. */
  #pump(drained: boolean): void {
    if (drained) this.#blocked = false;
    for (const stream of this.#ready) {
      if (this.#blocked || this.#over) return;
      this.#ready.delete(stream);
      if (stream.transmit()) this.#ready.add(stream);
    }
  }

  #sendData(streamId: number, body: readonly Buffer[], flushed: WriteCallback): void {
    this.#send({ type: YamuxType.data, flags: 0, streamId, length: totalBytes(body) });
    for (const [index, chunk] of body.entries())
      this.#write(chunk, index === body.length - 1 ? flushed : undefined);
  }

  #sendUpdate(streamId: number, flags: number, length: number): void {
    this.#send({ type: YamuxType.windowUpdate, flags, streamId, length });
  }

  #send(header: YamuxHeader): void {
    if (this.#over) return;
    this.#write(encodeHeader(header));
    if (this.#transport.writableLength <= MAX_UNREAD_BYTES) return;
    this.#finish(new TswslError("protocol", "the peer asks for answers and does not read them"));
  }

  #write(bytes: Buffer, flushed?: WriteCallback): void {
    this.#cork();
    const open = this.#transport.write(bytes, flushed);
    if (!open && this.#transport.writableLength >= BACKLOG_BYTES) this.#blocked = true;
  }

  /** All that is written in one turn of the event loop goes out as one writev. */
  #cork(): void {
    if (this.#corked) return;
    this.#corked = true;
    this.#transport.cork();
    process.nextTick(() => {
      this.#corked = false;
      this.#transport.uncork();
    });
  }

  // --- the end ---

  #finish(reason: TswslError | undefined, goAway?: GoAwayReason): void {
    if (this.#over) return;
    if (goAway !== undefined) this.#send({ type: YamuxType.goAway, flags: 0, streamId: 0, length: goAway });
    // Sending the go away may itself have found the transport full and finished.
    if (this.#over) return;
    this.#over = { reason };
    const error = this.#reasonOver();
    this.#pings.fail(error);
    for (const stream of this.#streams.values()) stream.destroy(error);
    if (this.#transport.closed) this.#resolveClosed(reason);
    else this.#transport.once("close", () => this.#resolveClosed(reason));
    if (goAway === undefined) this.#transport.destroy();
    else closeSoon(this.#transport);
  }

  #reasonOver(): TswslError {
    return this.#over?.reason ?? new TswslError("disconnected", "the link was closed");
  }
}

function lost(cause?: Error): TswslError {
  return new TswslError("disconnected", "the link to the peer was lost", { cause });
}
