import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";

const DEADLINE_MS = 30_000;

/** Listens where a document's ComPort points and keeps all that the machine prints. */
export class ConsoleListener {
  readonly path: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #text = "";
  #wake: () => void = () => {};

  private constructor(path: string, server: Server) {
    this.path = path;
    this.#server = server;
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      // Characters may be cut between two chunks.
      socket.setEncoding("utf8");
      socket.on("data", (chunk: string) => {
        this.#text += chunk;
        this.#wake();
      });
      socket.on("error", () => {});
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  static async open(path: string): Promise<ConsoleListener> {
    const server = createServer();
    server.listen(path);
    await once(server, "listening");
    return new ConsoleListener(path, server);
  }

  /** Resolves when `text` has been printed. */
  async waitFor(text: string): Promise<void> {
    const limit = AbortSignal.timeout(DEADLINE_MS);
    while (!this.#text.includes(text)) {
      if (limit.aborted) throw new Error(`the console did not print '${text}' but: ${this.#text}`);
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      limit.addEventListener("abort", () => resolve(), { once: true });
      await promise;
    }
  }

  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
