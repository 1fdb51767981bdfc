import { once } from "node:events";
import { chmod, lstat, mkdir, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import { TswslError } from "../base/errors.ts";
import { RotatingFile } from "./rotating-file.ts";

/** Each of the two log files. */
const FILE_BYTES = 1024 * 1024;
/** What {@link ConsoleLog.tail} remembers: a panic's text fits. */
const TAIL_BYTES = 8 * 1024;

export interface ConsoleLogOptions {
  /** Socket, or on Windows pipe, for the document's ComPorts; a socket's directory is made private. */
  readonly socket: string;
  readonly file: string;
  readonly fileBytes?: number;
  /** Called when a pipe is there, to close it to others. */
  readonly protectPipe?: ((pipe: string) => Promise<void>) | undefined;
}

/**
 * The listening end of a machine's serial port, made before the machine as on HCS. It always drains what it is sent,
 * or the guest's console would block, and keeps the last of it in a file.
 */
export class ConsoleLog {
  readonly #server: Server;
  readonly #file: RotatingFile;
  readonly #connections = new Set<Socket>();
  #tail = Buffer.alloc(0);

  private constructor(server: Server, file: RotatingFile) {
    this.#server = server;
    this.#file = file;
    server.on("connection", (socket) => this.#accept(socket));
  }

  /**
   * Listens. A socket left by a predecessor is replaced: there is one owner of the directory at a time. Raises
   * `invalid-argument` when something else is at the socket's path, or the path is longer than the system allows.
   */
  static async open(options: ConsoleLogOptions): Promise<ConsoleLog> {
    const { socket, file, fileBytes = FILE_BYTES, protectPipe = privateSocket } = options;
    if (!isPipe(socket)) await makeRoom(socket);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const log = await RotatingFile.open(file, fileBytes);
    const server = createServer();
    const console = new ConsoleLog(server, log);
    try {
      server.listen(socket);
      await once(server, "listening");
      await protectPipe(socket);
    } catch (cause) {
      await log.close();
      throw new TswslError("invalid-argument", `cannot listen on ${socket}: ${String(cause)}`, { cause });
    }
    return console;
  }

  /** The last 8 KiB that came, for an error's text. Not to be trusted: the guest wrote it. */
  get tail(): string {
    return this.#tail.toString("utf8");
  }

  /** Stops listening, drops a connection, finishes writing. */
  async close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    for (const socket of this.#connections) socket.destroy();
    await closed;
    await this.#file.close();
  }

  #accept(socket: Socket): void {
    // The last words of one machine may still be on their way when the next connects: both are read.
    this.#connections.add(socket);
    socket.on("data", (data) => this.#take(data));
    // A machine that is killed resets the connection; "close" follows.
    socket.on("error", () => {});
    socket.on("close", () => this.#connections.delete(socket));
  }

  #take(data: Buffer): void {
    this.#file.write(data);
    this.#tail = Buffer.concat([this.#tail, data]).subarray(-TAIL_BYTES);
  }
}

function isPipe(path: string): boolean {
  return path.startsWith("\\\\.\\pipe\\");
}

async function privateSocket(path: string): Promise<void> {
  if (!isPipe(path)) await chmod(path, 0o600);
}

/** The directory private, and nothing at the socket's place. */
async function makeRoom(socket: string): Promise<void> {
  const directory = dirname(socket);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
  await removeStale(socket);
}

async function removeStale(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isSocket()) throw new TswslError("invalid-argument", `${path} exists and is not a socket`);
  await rm(path, { force: true });
}
