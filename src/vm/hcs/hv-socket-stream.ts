import { Duplex } from "node:stream";
import type { HvSocket } from "../../../native/vmp/native.d.ts";
import { TswslError } from "../../base/errors.ts";

type Done = (error?: Error | null) => void;

/**
 * A Hyper-V socket as a stream. Back-pressure both ways: one read is asked for at a time, and only while somebody wants
 * bytes; a write is done when Windows has taken all of it. A connection that breaks reads as its end, since the guest
 * may have been switched off; what is written then fails with `disconnected`.
 */
export class HvSocketStream extends Duplex {
  readonly #socket: HvSocket;
  #reading = false;
  #wanted = false;

  constructor(socket: HvSocket) {
    super({ allowHalfOpen: false });
    this.#socket = socket;
    // Nobody may be listening yet; who reads or writes hears of it there.
    this.on("error", () => {});
  }

  override _read(): void {
    this.#wanted = true;
    if (!this.#reading) void this.#receive();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: Done): void {
    void this.#send(chunk, done);
  }

  override _final(done: Done): void {
    void this.#shutDown(done);
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#socket.close();
    done(error);
  }

  /** Reads on for as long as somebody wants bytes; the next _read begins again. */
  async #receive(): Promise<void> {
    this.#reading = true;
    while (this.#wanted) {
      const { error, chunk } = await this.#socket.read();
      if (this.destroyed) return;
      const ended = error !== 0 || chunk.length === 0;
      // Before push, which may ask for more at once.
      this.#wanted = false;
      const more = this.push(ended ? null : chunk);
      if (more && !ended) this.#wanted = true;
    }
    this.#reading = false;
  }

  async #send(chunk: Buffer, done: Done): Promise<void> {
    const { error } = await this.#socket.write(chunk);
    done(error === 0 ? null : disconnected(error));
  }

  /** A connection that is gone already has nothing to be told. */
  async #shutDown(done: Done): Promise<void> {
    await this.#socket.shutdown();
    done();
  }
}

function disconnected(error: number): TswslError {
  return new TswslError(
    "disconnected",
    `the connection to the virtual machine broke (Winsock error ${error})`,
    {
      details: { winsock: error },
    },
  );
}
