import type { Duplex } from "node:stream";
import type { InferOutput } from "valibot";
import * as v from "valibot";
import {
  createMessageConnection,
  type MessageConnection,
  ParameterStructures,
  ProgressType,
} from "vscode-jsonrpc/node";
import { asTswslError, isTswslError, TswslError } from "../base/errors.ts";
import { closeSoon } from "./close-soon.ts";
import type { Schema } from "./contract.ts";
import { BoundedMessageReader } from "./rpc-reader.ts";
import { BoundedMessageWriter } from "./rpc-writer.ts";

/** Progress of a call travels as `$/progress` with the token that the caller put into the parameters. */
export const progressType = new ProgressType<unknown>();

/**
 * JSON-RPC 2.0 with `Content-Length` framing over a byte stream, which it owns. Messages are read from the next turn
 * of the event loop on: whoever makes a connection adds its handlers at once.
 */
export class RpcConnection {
  /** Resolves once, when the stream is closed: with the reason, or undefined after {@link close}. Never rejects. */
  readonly closed: Promise<TswslError | undefined>;
  /** vscode-jsonrpc's side of it, for `serveContract` and `contractClient`. */
  readonly messages: MessageConnection;
  readonly #stream: Duplex;
  readonly #ended = new AbortController();
  #reason: TswslError | undefined;
  #closing = false;

  constructor(stream: Duplex) {
    this.#stream = stream;
    this.messages = createMessageConnection(
      new BoundedMessageReader(stream),
      new BoundedMessageWriter(stream),
    );
    this.messages.onError(([error]) => this.#fail(error));
    const { promise, resolve } = Promise.withResolvers<TswslError | undefined>();
    this.closed = promise;
    stream.on("error", (error) => this.#fail(error));
    const onClose = (): void => {
      this.#end();
      resolve(this.#reason);
    };
    this.messages.listen();
    if (stream.destroyed) onClose();
    else stream.once("close", onClose);
  }

  /** Fires when the connection is over; its reason is the error that calls are rejected with. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /**
   * Calls `receive` for each notification of this name. Parameters of the wrong shape are a violation and end the
   * connection with `protocol`.
   */
  onNotification<S extends Schema>(name: string, schema: S, receive: (params: InferOutput<S>) => void): void {
    this.messages.onNotification(name, (params: unknown) => {
      const parsed = v.safeParse(schema, params);
      if (!parsed.success) {
        this.#fail(
          new TswslError("protocol", `notification '${name}' is malformed: ${v.summarize(parsed.issues)}`),
        );
        return;
      }
      try {
        receive(parsed.output);
      } catch (error) {
        // The library would drop it in silence.
        this.#fail(asTswslError(error));
      }
    });
  }

  /** Sends a notification. It is lost when the connection is over, as it would be a moment later. */
  notify(name: string, params: object): void {
    if (this.signal.aborted) return;
    this.messages.sendNotification(name, ParameterStructures.byName, params).catch(() => {});
  }

  /** True while the peer does not keep up: what may be left out should be. */
  get congested(): boolean {
    return this.#stream.writableNeedDrain;
  }

  /** Ends the connection: calls in either direction are cancelled, what was written goes out. Idempotent. */
  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#end();
    closeSoon(this.#stream);
  }

  #fail(cause: unknown): void {
    if (!this.#closing) this.#reason ??= isTswslError(cause) ? cause : lost(cause);
    this.#end();
    this.#stream.destroy();
  }

  #end(): void {
    if (this.signal.aborted) return;
    if (!this.#closing) this.#reason ??= lost();
    this.#ended.abort(this.#reason ?? new TswslError("disconnected", "the connection was closed"));
    this.messages.dispose();
  }
}

function lost(cause?: unknown): TswslError {
  return new TswslError("disconnected", "the connection to the peer was lost", { cause });
}
