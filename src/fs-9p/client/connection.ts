import type { Duplex } from "node:stream";
import { cancelled, throwIfAborted } from "../../base/deadline.ts";
import { asTswslError, TswslError } from "../../base/errors.ts";
import { decodeBody } from "../codec/decode.ts";
import { encodeMessage } from "../codec/encode.ts";
import { FrameSplitter } from "../codec/framing.ts";
import { layoutOfNumber } from "../codec/layout.ts";
import {
  type AnyBody,
  type Body,
  HEADER_BYTES,
  messages,
  NO_TAG,
  type ReplyName,
  type RequestName,
} from "../codec/messages.ts";
import { formatMessage } from "../codec/trace.ts";
import { errnoName } from "../errors/errno.ts";
import { FileError } from "../errors/file-error.ts";
import { Numbers } from "./numbers.ts";
import { Outgoing } from "./outgoing.ts";
import type { Request, RequestOptions } from "./request.ts";

export interface ConnectionOptions {
  readonly msize: number;
  readonly requestMs: number;
  readonly trace: ((line: string) => void) | undefined;
}

/**
 * Requests and answers over a stream, which it owns: as many at once as there are tags, answered in any order. What ends the
 * stream ends everything that waits with `disconnected`; an answer that cannot be one ends the connection with `protocol`.
 */
export class Connection {
  /** Resolves once, when the connection is over: with the reason, or undefined after {@link close}. Never rejects. */
  readonly closed: Promise<TswslError | undefined>;
  readonly #stream: Duplex;
  readonly #outgoing: Outgoing;
  readonly #options: ConnectionOptions;
  readonly #splitter: FrameSplitter;
  readonly #tags = new Numbers(NO_TAG, "requests");
  readonly #requests = new Map<number, Request>();
  readonly #resolveClosed: (reason: TswslError | undefined) => void;
  #timer: NodeJS.Timeout | undefined;
  #failure: TswslError | undefined;

  constructor(stream: Duplex, options: ConnectionOptions) {
    this.#stream = stream;
    this.#outgoing = new Outgoing(stream);
    this.#options = options;
    this.#splitter = new FrameSplitter(options.msize, (bytes, start, end) =>
      this.#onFrame(bytes, start, end),
    );
    const { promise, resolve } = Promise.withResolvers<TswslError | undefined>();
    this.closed = promise;
    this.#resolveClosed = resolve;
    stream.on("data", (chunk: Buffer) => this.#receive(chunk));
    stream.once("error", (error) => this.#fail(disconnected(error)));
    stream.once("end", () => this.#fail(disconnected()));
    stream.once("close", () => this.#fail(disconnected()));
  }

  /** Requests the server has not answered. */
  get pending(): number {
    return this.#requests.size;
  }

  /** The server's messages are no larger than this from now on. */
  set limit(msize: number) {
    this.#splitter.limit = msize;
  }

  /**
   * Sends a request. Rejects with the server's FileError, or with `cancelled`, `timeout`, `disconnected`, `protocol`. A
   * Twrite's data must stay as it is until then.
   */
  async request<N extends RequestName>(
    name: N,
    body: Body<N>,
    { signal, into, late }: RequestOptions = {},
  ): Promise<Body<ReplyName<N>>> {
    if (this.#failure) throw this.#failure;
    if (signal) throwIfAborted(signal);
    const tag = name === "Tversion" ? NO_TAG : this.#tags.take();
    const { promise, resolve, reject } = Promise.withResolvers<AnyBody>();
    this.#requests.set(tag, {
      answer: messages[name].number + 1,
      expires: performance.now() + this.#options.requestMs,
      into,
      resolve,
      reject,
      late,
      abandoned: false,
    });
    this.#send(name, tag, body);
    this.#watch();
    if (!signal) return (await promise) as unknown as Body<ReplyName<N>>;
    const onAbort = (): void => this.#abandon(tag, cancelled(signal));
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      // The answer's number has been checked: it is this request's.
      return (await promise) as unknown as Body<ReplyName<N>>;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Ends the connection; what waits is `disconnected`. Idempotent. */
  close(): void {
    this.#fail(undefined);
  }

  #send<N extends RequestName>(name: N, tag: number, body: Body<N>): void {
    // A body of one message is a body of any.
    const fields = body as AnyBody;
    this.#options.trace?.(formatMessage({ name, tag, body: fields }));
    const { data } = fields;
    if (!(data instanceof Uint8Array)) return this.#outgoing.send(encodeMessage(name, tag, body));
    // The same message with an empty payload is the beginning of it; size and count have to be made right.
    const head = encodeMessage(name, tag, { ...body, data: EMPTY });
    head.writeUInt32LE(head.length + data.length, 0);
    head.writeUInt32LE(data.length, head.length - 4);
    this.#outgoing.send(head, data);
  }

  #receive(chunk: Buffer): void {
    if (this.#failure) return;
    try {
      this.#splitter.push(chunk);
    } catch (error) {
      this.#fail(asTswslError(error));
    }
  }

  #onFrame(bytes: Buffer, start: number, end: number): void {
    if (this.#failure) return;
    const layout = layoutOfNumber(bytes.readUInt8(start + 4));
    const tag = bytes.readUInt16LE(start + 5);
    const request = this.#requests.get(tag);
    if (!request || !layout) throw new TswslError("protocol", `an answer to no request (tag ${tag})`);
    const body = decodeBody(layout, bytes, start + HEADER_BYTES, end);
    if (!body) throw new TswslError("protocol", `a malformed ${layout.name}`);
    this.#options.trace?.(formatMessage({ name: layout.name, tag, body }));
    if (layout.number === messages.Rlerror.number) {
      // Rlerror has an ecode.
      const code = errnoName(body["ecode"] as number);
      return this.#answered(tag, request, () => request.reject(new FileError(code)));
    }
    if (layout.number !== request.answer)
      throw new TswslError("protocol", `${layout.name} is not the answer to tag ${tag}`);
    const kept = this.#withPayload(request, body);
    this.#answered(tag, request, () => request.resolve(kept), kept);
  }

  /** Copies a payload to where it is wanted; any other stays where it lies. */
  #withPayload(request: Request, body: AnyBody): AnyBody {
    const data = body["data"];
    if (!(data instanceof Uint8Array)) return body;
    if (!request.into) {
      this.#splitter.keep();
      return body;
    }
    if (data.length > request.into.length)
      throw new TswslError("protocol", "more bytes were read than asked for");
    if (!request.abandoned) request.into.set(data);
    return { data: request.into.subarray(0, data.length) };
  }

  #answered(tag: number, request: Request, settle: () => void, body?: AnyBody): void {
    this.#requests.delete(tag);
    if (!request.abandoned) {
      if (tag !== NO_TAG) this.#tags.giveBack(tag);
      return settle();
    }
    // Its tag comes back with the Rflush that follows.
    if (body) request.late?.(body);
    else request.late?.(undefined);
  }

  /** Nobody waits any more: the server is told so, and the tag is used again when it has agreed. */
  #abandon(tag: number, error: TswslError): void {
    const request = this.#requests.get(tag);
    if (!request || request.abandoned || this.#failure) return;
    request.abandoned = true;
    request.reject(error);
    void this.#flush(tag, request);
  }

  async #flush(tag: number, request: Request): Promise<void> {
    try {
      await this.request("Tflush", { oldtag: tag });
    } catch (error) {
      // The connection is over, or the server does not even answer this: nothing can be trusted any more.
      return this.#fail(disconnected(error));
    }
    // An answer that came before Rflush has been honoured; now there will be none.
    if (this.#requests.delete(tag)) request.late?.(undefined);
    this.#tags.giveBack(tag);
  }

  /** Looks at the oldest request when it is due. */
  #watch(): void {
    if (this.#timer || this.#failure) return;
    const [oldest] = this.#requests.values();
    if (!oldest) return;
    this.#timer = setTimeout(() => this.#expire(), Math.max(oldest.expires - performance.now(), 0) + 1);
    this.#timer.unref();
  }

  #expire(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const [tag, request] of this.#requests) {
      if (request.abandoned || request.expires > now) continue;
      const seconds = this.#options.requestMs / 1000;
      const error = new TswslError("timeout", `the file server has not answered for ${seconds} s`);
      if (request.answer === messages.Rflush.number || tag === NO_TAG) return this.#fail(error);
      this.#abandon(tag, error);
    }
    this.#watch();
  }

  #fail(reason: TswslError | undefined): void {
    if (this.#failure) return;
    this.#failure = reason?.code === "disconnected" || !reason ? disconnected(reason?.cause) : reason;
    clearTimeout(this.#timer);
    this.#stream.on("error", () => {});
    this.#stream.destroy();
    for (const request of this.#requests.values()) {
      request.reject(disconnected(this.#failure));
      if (request.abandoned) request.late?.(undefined);
    }
    this.#requests.clear();
    this.#resolveClosed(reason);
  }
}

const EMPTY = new Uint8Array(0);

function disconnected(cause?: unknown): TswslError {
  return new TswslError("disconnected", "the connection to the file server is lost", { cause });
}
