import { createServer, type Socket } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { HresultFailure } from "./hresults.ts";
import type { Session } from "./session.ts";
import type { Field } from "./wire.ts";

export interface SerialPort {
  /** The socket that QEMU connects to; empty for a machine without a serial port. */
  readonly path: string;
  readonly close: () => void;
}

/** Serial ports between QEMU's sockets here and named pipes there, to which the libraries connect. */
export class SerialPorts {
  readonly #directory: string;
  readonly #waiting = new Map<string, PromiseWithResolvers<Socket>>();
  #next = 1;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Has the process's library open the pipe. Raises the Win32 error that it met, as an HRESULT. */
  async open(session: Session, pipe: string): Promise<SerialPort> {
    if (pipe === "") return { path: "", close: () => {} };
    const token = String(this.#next++);
    const connected = Promise.withResolvers<Socket>();
    this.#waiting.set(token, connected);
    session.whenGone(() => connected.reject(new Error("the process is gone")));
    session.send(["serial", pipe, token]);
    const there = await connected.promise;
    const path = join(this.#directory, `serial-${token}.sock`);
    const server = createServer((machine) => {
      server.close();
      machine.on("error", () => there.destroy());
      machine.pipe(there);
      // What is typed into the pipe goes nowhere; nobody types there.
      there.resume();
    });
    server.listen(path);
    await once(server, "listening");
    const close = (): void => {
      server.close();
      there.end();
    };
    return { path, close };
  }

  /** A library's connection for one port: its token, and the error of opening the pipe. */
  connected(socket: Socket, [token, error]: readonly Field[]): void {
    const waiting = this.#waiting.get(token ?? "");
    this.#waiting.delete(token ?? "");
    if (error === "0") return waiting?.resolve(socket);
    socket.destroy();
    waiting?.reject(new HresultFailure(0x80070000 | Number(error), "the ComPort's pipe cannot be opened"));
  }
}
