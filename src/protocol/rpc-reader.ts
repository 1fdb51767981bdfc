import type { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import {
  AbstractMessageReader,
  type DataCallback,
  Disposable,
  type MessageReader,
} from "vscode-jsonrpc/node";
import { TswslError } from "../base/errors.ts";
import { MessageDecoder } from "./rpc-codec.ts";

/**
 * Feeds vscode-jsonrpc with the messages of a stream. The library queues what it is given and takes one message per
 * turn of the event loop, so it is given one per turn: a peer that floods is held back by the stream instead of
 * filling the queue. Any failure destroys the stream, since its bytes are out of step.
 */
export class BoundedMessageReader extends AbstractMessageReader implements MessageReader {
  readonly #stream: Readable;

  constructor(stream: Readable) {
    super();
    this.#stream = stream;
  }

  listen(callback: DataCallback): Disposable {
    this.#read(callback).then(
      () => this.fireClose(),
      (error: unknown) => {
        this.fireError(error);
        this.fireClose();
      },
    );
    return Disposable.create(() => this.#stream.destroy());
  }

  async #read(callback: DataCallback): Promise<void> {
    // The maker of the connection adds its handlers first.
    await setImmediate();
    const decoder = new MessageDecoder();
    for await (const chunk of this.#stream) {
      // A stream without encoding yields buffers.
      for (const body of decoder.push(chunk as Buffer)) {
        deliver(body, callback);
        await setImmediate();
      }
    }
  }
}

function deliver(body: Buffer, callback: DataCallback): void {
  try {
    // The library checks the shape itself: what is no message is logged and dropped.
    callback(JSON.parse(body.toString("utf8")) as Parameters<DataCallback>[0]);
  } catch (cause) {
    throw new TswslError("protocol", "the peer sent a message that is not JSON-RPC", { cause });
  }
}
