import type { Socket } from "node:net";

const RESET_AFTER_MS = 100;

/** What a guest that wants to harm its host does with the host's connection. */
export class HostileGuest {
  readonly #deed: string;
  #sockets: Socket[] = [];

  constructor(deed: string) {
    this.#deed = deed;
  }

  /** Bytes that the host's side has taken so far. */
  get taken(): number {
    return this.#sockets.reduce(
      (sum, { bytesWritten, writableLength }) => sum + bytesWritten - writableLength,
      0,
    );
  }

  serve = (socket: Socket): void => {
    this.#sockets.push(socket);
    socket.on("error", () => {});
    switch (this.#deed) {
      case "hang-up":
        socket.end();
        return;
      case "reset":
        // Once the connection stands at its other end too: a reset that comes before is a refusal to connect.
        socket.write("some bytes", () => setTimeout(() => socket.resetAndDestroy(), RESET_AFTER_MS));
        return;
      case "garbage":
        socket.write(Buffer.alloc(1024 * 1024, 0xa5));
        return;
      default:
        // A flood of so many bytes, as fast as they are taken.
        socket.write(Buffer.alloc(Number(this.#deed), 0x5a));
        socket.end();
    }
  };
}
