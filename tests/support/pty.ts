import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";

/** A terminal's settings by their names in stty(1). */
export type Mode = Readonly<Record<"icanon" | "echo" | "isig" | "opost" | "icrnl" | "ixon", boolean>>;

interface Report extends Partial<Mode> {
  readonly pid?: number;
  readonly exit?: number;
}

export interface End {
  /** The exit status; the negative number of the signal that ended the command. */
  readonly status: number;
  /** How the command left the terminal; nothing when the terminal was closed. */
  readonly mode: Mode | undefined;
}

const driver = join(import.meta.dirname, "pty.py");

/** A pseudo terminal and the command that has it as its controlling terminal, see pty.py. */
export class Pty {
  readonly #driver: ChildProcess;
  readonly #orders: Writable;
  readonly #reports: AsyncIterator<string>;
  #shown = "";
  #pid = 0;

  private constructor(command: readonly string[], env: Record<string, string>) {
    this.#driver = spawn("python3", [driver, "24", "80", ...command], {
      env: { ...process.env, ...env },
      stdio: ["pipe", "pipe", "inherit", "pipe", "pipe"],
    });
    // The two descriptors beyond standard error, made as pipes just above.
    const [, , , orders, reports] = this.#driver.stdio as [null, null, null, Writable, Readable];
    this.#orders = orders;
    this.#reports = createInterface({ input: reports })[Symbol.asyncIterator]();
    for (const stream of [this.#driver.stdin, orders]) stream?.on("error", () => undefined);
    this.#driver.stdout?.on("data", (bytes: Buffer) => (this.#shown += bytes.toString("latin1")));
  }

  /** Starts a command on a terminal of 24 by 80. */
  static async start(command: readonly string[], env: Record<string, string> = {}): Promise<Pty> {
    const pty = new Pty(command, { TERM: "xterm", ...env });
    pty.#pid = (await pty.#report()).pid ?? 0;
    return pty;
  }

  type(keys: string | Buffer): void {
    this.#driver.stdin?.write(keys);
  }

  /** Waits until the terminal has shown this, as bytes in latin1; the answer is what came up to its end. */
  async see(what: string | RegExp, withinMs = 30_000): Promise<string> {
    const pattern = typeof what === "string" ? literal(what) : what;
    const giveUp = Date.now() + withinMs;
    for (;;) {
      const found = pattern.exec(this.#shown);
      if (found !== null) {
        const end = found.index + found[0].length;
        const seen = this.#shown.slice(0, end);
        this.#shown = this.#shown.slice(end);
        return seen;
      }
      if (Date.now() > giveUp)
        throw new Error(`never saw ${pattern}, but ${JSON.stringify(this.#shown.slice(-2000))}`);
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  resize(rows: number, columns: number): void {
    this.#orders.write(`size ${rows} ${columns}\n`);
  }

  async mode(): Promise<Mode> {
    this.#orders.write("mode\n");
    // The driver answers this order with all of them.
    return (await this.#report()) as Mode;
  }

  /** Closes the window. */
  close(): void {
    this.#orders.write("close\n");
  }

  /** Sends a signal to the command. */
  kill(signal: NodeJS.Signals): void {
    process.kill(this.#pid, signal);
  }

  /** The command's end. */
  async end(): Promise<End> {
    const reports: Report[] = [];
    for (;;) {
      const report = await this.#report();
      if (report.exit !== undefined) {
        // The report before the last is the terminal's mode, unless it was closed.
        return { status: report.exit, mode: reports.at(-1) as Mode | undefined };
      }
      reports.push(report);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.#driver.exitCode !== null || this.#driver.signalCode !== null) return;
    this.#driver.once("exit", () => resolve());
    this.#orders.end();
    await promise;
  }

  async #report(): Promise<Report> {
    const { value, done } = await this.#reports.next();
    if (done === true) throw new Error("the terminal's driver has ended");
    // What our own driver prints, see pty.py.
    return JSON.parse(value) as Report;
  }
}

const literal = (text: string): RegExp => new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`));
