import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";

/** What the suite under Wine asks of the test on Linux: one line of JSON each way. */
export type ControlHandlers = Readonly<Record<string, (argument: string) => unknown>>;

/** The Linux side. */
export class ControlServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, handlers: ControlHandlers) {
    this.#server = server;
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      createInterface({ input: socket }).on("line", (line) => void serve(socket, handlers, line));
    });
  }

  static async open(handlers: ControlHandlers): Promise<ControlServer> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new ControlServer(server, handlers);
  }

  get port(): string {
    // The address of a server that listens on TCP.
    return String((this.#server.address() as AddressInfo).port);
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

async function serve(socket: Socket, handlers: ControlHandlers, line: string): Promise<void> {
  // Sent by `ask` below.
  const [name, argument] = JSON.parse(line) as [string, string];
  const answer = await handlers[name]?.(argument);
  socket.end(`${JSON.stringify(answer ?? null)}\n`);
}

/** The Windows side: a connection for each question. */
export async function ask(port: string, name: string, argument = ""): Promise<unknown> {
  const socket = connect(Number(port), "127.0.0.1");
  socket.setEncoding("utf8");
  socket.write(`${JSON.stringify([name, argument])}\n`);
  let answer = "";
  for await (const chunk of socket) answer += String(chunk);
  return JSON.parse(answer);
}
