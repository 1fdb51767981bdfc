import type { Duplex } from "node:stream";
import { TswslError } from "../../base/errors.ts";
import { chain, isPromise } from "../awaitable.ts";
import { decodeBody } from "../codec/decode.ts";
import { FrameSplitter } from "../codec/framing.ts";
import { type Layout, layoutOf, layoutOfNumber } from "../codec/layout.ts";
import { type AnyBody, HEADER_BYTES, messages, PAYLOAD_OFFSET, VERSION } from "../codec/messages.ts";
import { formatMessage } from "../codec/trace.ts";
import { FileError } from "../errors/file-error.ts";
import { toFileError } from "../errors/to-file-error.ts";
import type { Awaitable, FileSystem } from "../file-system.ts";
import type { Connection } from "./connection.ts";
import { FidTable } from "./fids.ts";
import { type AnyPayloadHandler, handlerOf, payloadHandlerOf } from "./handlers/table.ts";
import {
  DEFAULT_MAX_FIDS,
  DEFAULT_MAX_OPEN,
  DEFAULT_MAX_REQUESTS,
  DEFAULT_MSIZE,
  MIN_MSIZE,
  type ServeOptions,
} from "./options.ts";
import { Output, writePayloadHeader } from "./output.ts";
import { PendingRequests } from "./pending.ts";
import type { SharedNode } from "./shared-node.ts";

/** Before Tversion there is nothing longer to say. */
const FIRST_LIMIT = 8192;
/** So many answers' bytes may wait for a client that does not read; then its requests wait. */
const MAX_UNSENT_BYTES = 2 * 1024 * 1024;
/** So that one directory answer neither takes long nor looks far ahead. */
const MAX_READDIR_BYTES = 64 * 1024;

/** One client's conversation: takes bytes, answers into an {@link Output}. See serve.ts for the promises it keeps. */
export class Session implements Connection {
  readonly fileSystem: FileSystem;
  fids: FidTable;
  readonly #options: ServeOptions;
  readonly #output: Output;
  readonly #splitter = new FrameSplitter(FIRST_LIMIT, (bytes, start, end) =>
    this.#onFrame(bytes, start, end),
  );
  readonly #pending = new PendingRequests();
  readonly #stream: Duplex;
  readonly #onViolation: (error: unknown) => void;
  #msize = 0;
  #paused = false;
  #flushScheduled = false;
  /** The file system has answered a read with a promise once, and so will again. */
  #asynchronous = false;

  constructor(
    stream: Duplex,
    fileSystem: FileSystem,
    options: ServeOptions & {
      readonly reusesWritten: boolean;
      readonly onViolation: (error: unknown) => void;
    },
  ) {
    this.fileSystem = fileSystem;
    this.#options = options;
    this.#stream = stream;
    this.#onViolation = options.onViolation;
    this.fids = this.#newFids();
    this.#output = new Output(stream, options.reusesWritten, () => this.#resume());
  }

  /** Throws `protocol` for what ends the session. */
  receive(chunk: Buffer): void {
    this.#splitter.push(chunk);
    this.#output.flush();
  }

  /** Resolves when nothing is under way and everything is closed; the session has heard its last. */
  async end(): Promise<void> {
    this.#splitter.pause();
    await this.#reset();
    this.#output.flush();
  }

  retire(close: () => Awaitable<void>): Awaitable<void> {
    return chain(this.#pending.allSettled(), close);
  }

  discard(place: SharedNode): void {
    const settled = this.#pending.allSettled();
    const release = async (): Promise<void> => {
      await settled;
      await place.release();
    };
    if (settled) release().catch((error: unknown) => this.#options.onDefect?.(error));
    else this.#ignoringFailure(() => place.release());
  }

  #ignoringFailure(work: () => Awaitable<void>): void {
    try {
      const done = work();
      if (isPromise(done)) done.catch((error: unknown) => this.#options.onDefect?.(error));
    } catch (error) {
      this.#options.onDefect?.(error);
    }
  }

  #newFids(): FidTable {
    const { maxFids = DEFAULT_MAX_FIDS, maxOpen = DEFAULT_MAX_OPEN } = this.#options;
    return new FidTable(maxFids, maxOpen);
  }

  #onFrame(bytes: Buffer, start: number, end: number): void {
    const number = bytes.readUInt8(start + 4);
    const tag = bytes.readUInt16LE(start + 5);
    if (this.#pending.has(tag)) throw new TswslError("protocol", `tag ${tag} is in use`);
    const layout = layoutOfNumber(number);
    const body = layout && decodeBody(layout, bytes, start + HEADER_BYTES, end);
    if (!layout) return this.#refuse(tag, new FileError("EOPNOTSUPP"));
    if (!body) return this.#refuse(tag, new FileError("EPROTO"));
    this.#options.trace?.(formatMessage({ name: layout.name, tag, body }));
    this.#dispatch(layout, tag, body);
    this.#pauseIfFull();
  }

  #dispatch({ number, name }: Layout, tag: number, body: AnyBody): void {
    // The layout has made the bodies what the casts say.
    if (name === "Tversion") return this.#version(tag, body as { msize: number; version: string });
    if (this.#msize === 0) return this.#refuse(tag, new FileError("EPROTO"));
    if (name === "Tflush") return this.#flush(tag, (body as { oldtag: number }).oldtag);
    const handler = handlerOf[number];
    if (handler) return this.#answer(tag, number, () => handler(this, body));
    const payloadHandler = payloadHandlerOf[number];
    if (payloadHandler) return this.#answerWithPayload(tag, { number, handler: payloadHandler, body });
    this.#refuse(tag, new FileError("EOPNOTSUPP"));
  }

  #answer(tag: number, number: number, work: () => Awaitable<AnyBody>): void {
    let reply: Awaitable<AnyBody>;
    try {
      reply = work();
    } catch (error) {
      return this.#refuse(tag, error);
    }
    if (!isPromise(reply)) return this.#reply(tag, number + 1, reply);
    this.#later(tag, reply, (body) => this.#reply(tag, number + 1, body));
  }

  #answerWithPayload(
    tag: number,
    request: { readonly number: number; readonly handler: AnyPayloadHandler; readonly body: AnyBody },
  ): void {
    const { number, handler, body } = request;
    const limit = number === messages.Treaddir.number ? MAX_READDIR_BYTES : this.#msize - PAYLOAD_OFFSET;
    // Both payload requests have a count.
    const count = Math.min(body["count"] as number, limit);
    const piece = this.#asynchronous ? Buffer.allocUnsafe(PAYLOAD_OFFSET + count) : undefined;
    const into = piece ? piece.subarray(PAYLOAD_OFFSET) : this.#output.payload(count);
    let length: Awaitable<number>;
    try {
      length = handler(this, body, into);
    } catch (error) {
      return this.#refuse(tag, error);
    }
    const reply = { number: number + 1, tag };
    if (!isPromise(length)) {
      if (piece) this.#sendPiece(piece, { ...reply, length });
      else this.#output.commitPayload(number + 1, tag, length);
      return this.#tracePayload(number + 1, tag, length);
    }
    this.#asynchronous = true;
    if (!piece) this.#output.giveUpPayload();
    const whole = piece ?? wholeAround(into);
    this.#later(tag, length, (length) => {
      this.#sendPiece(whole, { ...reply, length });
      this.#tracePayload(number + 1, tag, length);
    });
  }

  #sendPiece(piece: Buffer, header: { number: number; tag: number; length: number }): void {
    writePayloadHeader(piece, 0, header);
    this.#output.piece(piece.subarray(0, PAYLOAD_OFFSET + header.length));
  }

  /** Answers when `value` has come, unless the session has been reset meanwhile. */
  #later<T>(tag: number, value: Promise<T>, reply: (value: T) => void): void {
    const { fids } = this;
    this.#splitter.keep();
    const inTime = (answer: () => void): void => {
      if (this.fids === fids) answer();
      this.#scheduleFlush();
    };
    const work = value.then(
      (value) => inTime(() => reply(value)),
      (error: unknown) => inTime(() => this.#refuse(tag, error)),
    );
    this.#pending.add(tag, work);
    // The tag is free again in the turn after the answer, before the client can have read it.
    void work.finally(() => setImmediate(() => this.#resume()));
  }

  /** version(5): "aborts all outstanding I/O on the connection, and clunks all fids". */
  #version(tag: number, { msize, version }: { readonly msize: number; readonly version: string }): void {
    if (msize < MIN_MSIZE) return this.#refuse(tag, new FileError("EMSGSIZE"));
    const agreed = Math.min(msize, this.#options.msize ?? DEFAULT_MSIZE);
    this.#reset().catch((error: unknown) => this.#options.onDefect?.(error));
    const known = version === VERSION;
    this.#msize = known ? agreed : 0;
    this.#splitter.limit = known ? agreed : FIRST_LIMIT;
    this.#reply(tag, messages.Rversion.number, { msize: agreed, version: known ? VERSION : "unknown" });
  }

  /** Answered after the request it names: nothing here waits for long, and so the client knows what has been done. */
  #flush(tag: number, oldtag: number): void {
    const reply = (): void => this.#reply(tag, messages.Rflush.number, {});
    const answered = this.#pending.answered(oldtag);
    if (!answered) return reply();
    this.#later(tag, answered, reply);
  }

  async #reset(): Promise<void> {
    const settled = this.#pending.forget();
    const fids = this.fids.takeAll();
    this.fids = this.#newFids();
    if (settled) await settled;
    for (const fid of fids) {
      try {
        await fid.close();
      } catch (error) {
        this.#options.onDefect?.(error);
      }
    }
  }

  #reply(tag: number, number: number, body: AnyBody): void {
    const layout = layoutOfNumber(number);
    if (!layout) throw new TswslError("internal", `no message ${number}`);
    this.#output.message(layout, tag, body);
    this.#options.trace?.(formatMessage({ name: layout.name, tag, body }));
  }

  #refuse(tag: number, error: unknown): void {
    if (!(error instanceof FileError)) this.#options.onDefect?.(error);
    const ecode = toFileError(error).errno;
    this.#output.error(tag, ecode);
    this.#options.trace?.(formatMessage({ name: "Rlerror", tag, body: { ecode } }));
  }

  #tracePayload(number: number, tag: number, length: number): void {
    if (!this.#options.trace) return;
    const name = number === messages.Rread.number ? "Rread" : "Rreaddir";
    this.#options.trace(`${layoutOf(name).name} tag ${tag} data <${length} bytes>`);
  }

  /** Answers of one turn go out together. */
  #scheduleFlush(): void {
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    queueMicrotask(() => {
      this.#flushScheduled = false;
      this.#output.flush();
    });
  }

  get #full(): boolean {
    const { maxRequests = DEFAULT_MAX_REQUESTS } = this.#options;
    return this.#output.unsent > MAX_UNSENT_BYTES || this.#pending.size >= maxRequests;
  }

  #pauseIfFull(): void {
    if (this.#paused || !this.#full) return;
    this.#paused = true;
    this.#splitter.pause();
    this.#stream.pause();
  }

  #resume(): void {
    if (!this.#paused || this.#full) return;
    this.#paused = false;
    try {
      this.#splitter.resume();
      this.#output.flush();
      if (!this.#paused) this.#stream.resume();
    } catch (error) {
      this.#onViolation(error);
    }
  }
}

/** The whole message whose payload this is: it lies {@link PAYLOAD_OFFSET} bytes before it, see Output.payload. */
function wholeAround(payload: Buffer): Buffer {
  return Buffer.from(payload.buffer, payload.byteOffset - PAYLOAD_OFFSET, PAYLOAD_OFFSET + payload.length);
}
