import { once } from "node:events";
import { type Duplex, duplexPair, type Readable, type Writable } from "node:stream";
import { ClientHeader } from "../../../../src/protocol/daemon.ts";
import { FrameConnection } from "../../../../src/protocol/frame-channel.ts";
import { readHeader } from "../../../../src/protocol/frame-header.ts";
import { encodeFrame, encodeJsonFrame, FrameType } from "../../../../src/protocol/frames.ts";
import { FakeDaemon } from "./fake-cli.ts";

/** The other end of a connection for a command: what daemon and guest do to it, by hand. */
export class FakeGuest {
  readonly header: ClientHeader;
  readonly events: string[] = [];
  readonly stream: Duplex;
  readonly #connection: FrameConnection;
  #wake: () => void = () => undefined;

  private constructor(stream: Duplex, header: ClientHeader) {
    this.stream = stream;
    this.header = header;
    const note = (event: string): void => {
      this.events.push(event);
      this.#wake();
    };
    this.#connection = new FrameConnection(stream, {
      sends: [FrameType.stdout, FrameType.stderr],
      receives: [FrameType.stdin],
      onResize: (rows, columns) => note(`resize ${rows}x${columns}`),
      onSignal: (signal) => note(`signal ${signal}`),
    });
  }

  static async accept(stream: Duplex): Promise<FakeGuest> {
    return new FakeGuest(stream, await readHeader(stream, ClientHeader, new AbortController().signal));
  }

  get stdin(): Readable {
    return this.#connection.readable(FrameType.stdin);
  }

  get stdout(): Writable {
    return this.#connection.writable(FrameType.stdout);
  }

  get stderr(): Writable {
    return this.#connection.writable(FrameType.stderr);
  }

  /** Resolves when the client has ended the connection. */
  async gone(): Promise<void> {
    if (!this.stream.readableEnded && !this.stream.destroyed)
      await Promise.race([once(this.stream, "end"), once(this.stream, "close")]);
  }

  /** Resolves with the events so far when there are this many. */
  async until(count: number): Promise<string[]> {
    while (this.events.length < count) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
    return this.events;
  }

  progress(phase: string, warning?: string): void {
    this.stream.write(encodeJsonFrame(FrameType.progress, { phase, ...(warning && { warning }) }));
  }

  /** Ends the outputs and then the command. */
  async exit(kind: "status" | "signal", value: number): Promise<void> {
    await Promise.all([ended(this.stdout), ended(this.stderr)]);
    this.stream.write(encodeFrame(FrameType.exit, Buffer.of(kind === "status" ? 0 : 1, value)));
    this.#connection.close();
  }

  fail(error: object): void {
    this.stream.write(encodeJsonFrame(FrameType.error, error));
    this.#connection.close();
  }
}

async function ended(channel: Writable): Promise<void> {
  if (channel.writableFinished) return;
  channel.end();
  await once(channel, "finish");
}

/** A daemon whose next connection leads to the guest. */
export class GuestDaemon extends FakeDaemon {
  readonly guest: Promise<FakeGuest>;
  readonly #client: Duplex;

  constructor() {
    super();
    const [client, server] = duplexPair();
    this.#client = client;
    this.guest = FakeGuest.accept(server);
  }

  override async connect(): Promise<Duplex> {
    return this.#client;
  }
}
