import type { Writable } from "node:stream";
import { AbstractMessageWriter, Message, type MessageWriter } from "vscode-jsonrpc/node";
import { TswslError } from "../base/errors.ts";
import { encodeMessage, MAX_MESSAGE_BYTES } from "./rpc-codec.ts";
import { errorResponse } from "./rpc-error.ts";

/**
 * Writes vscode-jsonrpc's messages to a stream, none larger than the peer accepts: an oversized request fails here
 * instead of costing the connection, an oversized answer is replaced by an error.
 */
export class BoundedMessageWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #stream: Writable;

  constructor(stream: Writable) {
    super();
    this.#stream = stream;
  }

  /** Resolves when the stream has taken the message. */
  async write(message: Message): Promise<void> {
    // Node would destroy the stream, and with it what has been written before the end.
    if (this.#stream.writableEnded) throw new TswslError("disconnected", "the connection was closed");
    const bytes = encodeMessage(serialize(message));
    await new Promise<void>((resolve, reject) => {
      this.#stream.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }

  end(): void {
    this.#stream.end();
  }
}

function serialize(message: Message): Buffer {
  const body = Buffer.from(JSON.stringify(message));
  if (body.length <= MAX_MESSAGE_BYTES) return body;
  const tooLarge = new TswslError(
    "invalid-argument",
    `a message of ${body.length} bytes exceeds ${MAX_MESSAGE_BYTES}`,
  );
  if (!Message.isResponse(message)) throw tooLarge;
  const answer = new TswslError(
    "internal",
    `the answer of ${body.length} bytes exceeds ${MAX_MESSAGE_BYTES}`,
  );
  return Buffer.from(
    JSON.stringify({ jsonrpc: "2.0", id: message.id, error: errorResponse(answer).toJson() }),
  );
}
