import { once } from "node:events";
import type { Duplex } from "node:stream";
import { onTestFinished } from "vitest";
import {
  type Body,
  Client,
  type ClientOptions,
  decodeMessage,
  encodeMessage,
  type FileSystem,
  FrameSplitter,
  type Message,
  type MessageName,
  serve,
  type Served,
  type ServeOptions,
} from "../../src/fs-9p/index.ts";
import { duplexPair } from "./duplex-pair.ts";

/** A 9P client that says exactly what a test wants, right or wrong, and shows what comes back. */
export class RawPeer {
  readonly stream: Duplex;
  readonly #answers: Message[] = [];
  #wake = (): void => {};
  #nextTag = 0;

  constructor(stream: Duplex) {
    this.stream = stream;
    const splitter = new FrameSplitter(16 * 1024 * 1024, (bytes, start, end) => {
      const message = decodeMessage(Buffer.from(bytes.subarray(start, end)));
      if (!message) throw new Error("the peer sent what is no message");
      this.#answers.push(message);
    });
    stream.on("data", (chunk: Buffer) => {
      splitter.push(chunk);
      this.#wake();
    });
    stream.on("error", () => {});
    stream.once("close", () => this.#wake());
  }

  send<N extends MessageName>(name: N, tag: number, body: Body<N>): void {
    this.stream.write(encodeMessage(name, tag, body));
  }

  /** The next message that comes. */
  async next(): Promise<Message> {
    for (;;) {
      const message = this.#answers.shift();
      if (message) return message;
      if (this.stream.destroyed) throw new Error("the peer has closed the connection");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Sends a request and gives the answer as plain data: its name and what it says. */
  async ask<N extends MessageName>(
    name: N,
    body: Body<N>,
  ): Promise<Message["body"] & { readonly name: string }> {
    this.#nextTag = (this.#nextTag + 1) % 1000;
    this.send(name, this.#nextTag, body);
    const answer = await this.next();
    if (answer.tag !== this.#nextTag) throw new Error(`an answer to tag ${answer.tag}`);
    return { ...answer.body, name: answer.name };
  }

  /** Version and attach, to fid 0. */
  async greet(msize = 64 * 1024): Promise<void> {
    await this.ask("Tversion", { msize, version: "9P2000.L" });
    await this.attach(0);
  }

  async attach(fid: number, path = ""): Promise<void> {
    const answer = await this.ask("Tattach", { fid, afid: 0xffff_ffff, uname: "", aname: path, nUname: 0 });
    if (answer.name !== "Rattach") throw new Error(`attach: ${JSON.stringify(answer)}`);
  }

  async closed(): Promise<void> {
    if (!this.stream.destroyed) await once(this.stream, "close");
  }
}

/** A session in memory, with its raw client. Ended when the test is, and then without fids. */
export function served(
  fileSystem: FileSystem,
  options: ServeOptions = {},
): { readonly peer: RawPeer; readonly session: Served } {
  const [near, far] = duplexPair();
  const session = serve(far, fileSystem, options);
  onTestFinished(async () => {
    near.destroy();
    await session.closed;
    if (session.fidCount > 0) throw new Error("fids are left");
  });
  return { peer: new RawPeer(near), session };
}

/** A client of our own over a session in memory. Ended when the test is, and then without fids. */
export async function clientOf(
  fileSystem: FileSystem,
  { server = {}, client = {} }: { readonly server?: ServeOptions; readonly client?: ClientOptions } = {},
): Promise<Client> {
  const [near, far] = duplexPair();
  const session = serve(far, fileSystem, server);
  const connected = await Client.connect(near, AbortSignal.timeout(10_000), client);
  onTestFinished(async () => {
    await connected.close();
    await session.closed;
  });
  return connected;
}
