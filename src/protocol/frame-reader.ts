import { Readable } from "node:stream";
import { TswslError } from "../base/errors.ts";
import { type DataFrameType, INITIAL_CREDIT } from "./frames.ts";
import { Inbox } from "./inbox.ts";

/** Credit is given back in portions of this size, so that an interactive reader does not answer each key press. */
const CREDIT_BATCH_BYTES = 256 * 1024;

/** The receiving end of one channel: gives credit back as its reader takes the bytes. */
export class ChannelReader extends Readable {
  readonly #channel: DataFrameType;
  readonly #sendWindow: (channel: DataFrameType, bytes: number) => void;
  readonly #inbox = new Inbox(this);
  #window = INITIAL_CREDIT;

  constructor(channel: DataFrameType, sendWindow: (channel: DataFrameType, bytes: number) => void) {
    super({ highWaterMark: 16 * 1024 });
    this.#channel = channel;
    this.#sendWindow = sendWindow;
    // See ChannelWriter.
    this.on("error", () => {});
  }

  /** A data frame's payload; an empty one is the end of file. Throws `protocol` for more than was given credit. */
  receive(payload: Buffer): void {
    if (this.#inbox.ended) throw new TswslError("protocol", `data after the end of channel ${this.#channel}`);
    if (payload.length > this.#window)
      throw new TswslError("protocol", `channel ${this.#channel} exceeds its credit`);
    this.#window -= payload.length;
    if (payload.length === 0) this.#inbox.end();
    // A reader that has lost interest costs the sender its credit, not the connection.
    else if (!this.destroyed) this.#inbox.receive(payload);
  }

  /** The connection has ended in good order: the channel ends after the bytes it holds. */
  finish(): void {
    if (!this.#inbox.ended) this.#inbox.end();
  }

  /** True when the end of file has been received. */
  get ended(): boolean {
    return this.#inbox.ended;
  }

  override _read(): void {
    this.#inbox.flow();
    if (this.#inbox.ended) return;
    const credit = INITIAL_CREDIT - this.#window - this.#inbox.held;
    if (credit < CREDIT_BATCH_BYTES) return;
    this.#window += credit;
    this.#sendWindow(this.#channel, credit);
  }
}
