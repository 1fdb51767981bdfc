import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { crossBuild } from "../../../scripts/lib/cross-build.ts";
import { Progress } from "../../../scripts/lib/progress.ts";
import type { Result, RunOptions } from "../instance.ts";
import { Pty } from "../pty.ts";
import { toWindowsPath } from "./windows-paths.ts";
import type { WinePrefix } from "./wine-prefix.ts";

/** What `npm run build:windows` has made. */
export const windowsBuild = resolve(import.meta.dirname, "../../../dist/windows");

export interface WindowsRunOptions extends RunOptions {
  /** Where the program starts, by its Linux path. */
  readonly cwd?: string;
}

/** A console with a program on it. */
export interface WindowsTerminal {
  readonly pty: Pty;
  /** Presses a key together with Ctrl: "c". */
  readonly control: (key: string) => void;
  readonly resize: (columns: number, rows: number) => void;
}

/** tswsl.exe in a Wine prefix, with a state directory of its own on drive C:. */
export class WindowsInstance {
  readonly prefix: WinePrefix;
  /** The state directory, as Windows knows it. */
  readonly home: string;
  /** For files of the test, on Linux. */
  readonly scratch: string;
  readonly #programs: string;

  private constructor(prefix: WinePrefix, scratch: string, programs: string) {
    this.prefix = prefix;
    this.home = String.raw`C:\tswsl-state`;
    this.scratch = scratch;
    this.#programs = programs;
  }

  static async create(prefix: WinePrefix): Promise<WindowsInstance> {
    return WindowsInstance.open(prefix, await mkdtemp(join(tmpdir(), "tswsl-e2e-windows-")));
  }

  /** The same instance again, in another process. */
  static async open(prefix: WinePrefix, scratch: string): Promise<WindowsInstance> {
    const { signal } = new AbortController();
    const source = join(import.meta.dirname, "programs");
    const spec = { name: "windows-test-programs", source, products: /\.exe$/ };
    return new WindowsInstance(prefix, scratch, await crossBuild(spec, signal, new Progress()));
  }

  get environment(): NodeJS.ProcessEnv {
    // The locale is Wine's, which reads our command lines by it; the guest has its own.
    return this.prefix.env({ TSWSL_HOME: this.home, TERM: "xterm", LC_ALL: "C.UTF-8" });
  }

  /** Runs tswsl.exe to its end, with real pipes. Rejects after the time limit: a hang is a failure. */
  async run(args: readonly string[], options: WindowsRunOptions = {}): Promise<Result> {
    return this.runProgram(join(windowsBuild, "tswsl.exe"), args, options);
  }

  /** The same for any Windows program: a Linux path, or a name that Windows finds. */
  async runProgram(
    program: string,
    args: readonly string[],
    { input, timeoutMs = 120_000, env = {}, cwd }: WindowsRunOptions = {},
  ): Promise<Result> {
    // A file: what tswsl.exe starts to stay would keep a pipe open, since Wine passes Unix' standard error on to all.
    const errors = join(this.scratch, `stderr-${counter++}`);
    const file = openSync(errors, "w");
    const child = spawn("wine", [join(this.#programs, "run-with-pipes.exe"), program, ...args], {
      env: { ...this.environment, ...env },
      cwd,
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", file],
    });
    closeSync(file);
    const stdout: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
    const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
    // An exit status, or the signal that we have sent.
    const [status, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
    clearTimeout(timer);
    const stderr = readFileSync(errors, "utf8");
    if (signal !== null) {
      throw new Error(`${program} ${args.join(" ")} ran over ${timeoutMs} ms; stderr: ${stderr}`);
    }
    const out = Buffer.concat(stdout);
    return { status, signal, stdout: out, text: out.toString().replace(/\r?\n$/, ""), stderr };
  }

  /** Runs a command that must succeed; its output as text. */
  async ok(args: readonly string[], options: RunOptions = {}): Promise<string> {
    const { status, stderr, text } = await this.run(args, options);
    if (status === 0) return text;
    throw new Error(`tswsl.exe ${args.join(" ")} ended with ${status}: ${stderr}${text}`);
  }

  /** `--json` output, parsed. */
  async json<T>(args: readonly string[]): Promise<T> {
    // The caller names the documented shape; assertions on it follow.
    return JSON.parse(await this.ok([...args, "--json"])) as T;
  }

  /** Starts tswsl.exe on a console of 80 by 24. */
  async terminal(args: readonly string[]): Promise<WindowsTerminal> {
    const orders = createServer();
    orders.listen(0, "127.0.0.1");
    await once(orders, "listening");
    const address = orders.address();
    if (address === null || typeof address === "string") throw new Error("no port was given to the orders");
    const connected = once(orders, "connection");
    const command = [
      "wine",
      join(this.#programs, "run-on-console.exe"),
      String(address.port),
      toWindowsPath(join(windowsBuild, "tswsl.exe")),
      ...args,
    ];
    // None of its values is undefined but by our own doing.
    const pty = await Pty.start(command, this.environment as Record<string, string>);
    const [socket] = await connected;
    orders.close();
    socket.on("error", () => undefined);
    return {
      pty,
      control: (key) => socket.write(`key ${key.toUpperCase().charCodeAt(0) - 64}\n`),
      resize: (columns, rows) => socket.write(`size ${columns} ${rows}\n`),
    };
  }

  /** What the daemon and the virtual machine's console have logged, their ends. */
  get logs(): string {
    const folder = join(this.prefix.path, "drive_c/tswsl-state/logs");
    return ["daemon.log", "console.log"]
      .map((name) => join(folder, name))
      .filter((file) => existsSync(file))
      .map((file) => `${file}:\n${readFileSync(file, "utf8").slice(-4000)}`)
      .join("\n");
  }

  async remove(): Promise<void> {
    await rm(this.scratch, { recursive: true, force: true });
  }
}

let counter = 0;
