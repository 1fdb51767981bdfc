import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import type { Duplex } from "node:stream";

/** Where Debian's package puts it. */
const PROGRAM = "/usr/sbin/diod";

export const diodIsThere = existsSync(PROGRAM);

/** diod, serving one folder to one client over a socket pair. */
export class Diod {
  readonly stream: Duplex;
  readonly #process: ChildProcess;

  constructor(folder: string) {
    const options = ["-f", "-n", "-N", "-r", "3", "-w", "3", "-e", folder, "-L", "/dev/null"];
    this.#process = spawn(PROGRAM, options, { stdio: ["ignore", "ignore", "inherit", "pipe"] });
    // Descriptor 3 is a pipe in both directions: Node makes a socket pair for it.
    this.stream = this.#process.stdio[3] as Duplex;
    this.stream.on("error", () => {});
  }

  /** It ends with its client's connection. */
  async close(): Promise<void> {
    this.stream.destroy();
    if (this.#process.exitCode === null && this.#process.signalCode === null)
      await once(this.#process, "exit");
  }
}
