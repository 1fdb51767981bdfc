import { existsSync, readFileSync } from "node:fs";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export interface Result {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  /** stdout as text, without the final newline. */
  readonly text: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Sent to standard input, then closed; without it, /dev/null. */
  readonly input?: Buffer | string;
  readonly timeoutMs?: number;
  readonly env?: Record<string, string>;
}

const tswsl = resolve(import.meta.dirname, "../../bin/tswsl");

/** One installation of tswsl in a directory of its own: its daemon, VM and distros are nobody else's. */
export class Instance {
  readonly home: string;

  constructor(home: string) {
    this.home = home;
  }

  static async create(): Promise<Instance> {
    return new Instance(await mkdtemp(join(tmpdir(), "tswsl-e2e-")));
  }

  /** Starts the public CLI; the caller talks to it. */
  spawn(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
    return spawn(tswsl, args, { env: { ...process.env, TSWSL_HOME: this.home, ...env }, stdio: "pipe" });
  }

  /** Runs the public CLI to its end. Kills it, and rejects, after the time limit: a hang is a failure. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<Result> {
    const { input, timeoutMs = 120_000, env = {} } = options;
    const child = spawn(tswsl, args, {
      env: { ...process.env, TSWSL_HOME: this.home, ...env },
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
    // A command may end without reading its input.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
    const { promise, resolve: done, reject } = Promise.withResolvers<Result>();
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(
        new Error(
          [
            `tswsl ${args.join(" ")} ran over ${timeoutMs} ms`,
            `stdout (end): ${Buffer.concat(stdout).toString().slice(-500)}`,
            `stderr: ${Buffer.concat(stderr).toString()}`,
            `logs (end): ${this.#endOfLogs()}`,
          ].join("\n"),
        ),
      );
    }, timeoutMs);
    child.once("error", reject);
    child.once("close", (status, signal) => {
      clearTimeout(timer);
      const out = Buffer.concat(stdout);
      done({
        status,
        signal,
        stdout: out,
        text: out.toString().replace(/\n$/, ""),
        stderr: Buffer.concat(stderr).toString(),
      });
    });
    return promise;
  }

  /** What daemon and kernel said last: a hang that is seen once must be told from this alone. */
  #endOfLogs(): string {
    return ["daemon.log", "console.log"]
      .map((name) => join(this.home, "logs", name))
      .filter((file) => existsSync(file))
      .map((file) => `${file}\n${readFileSync(file, "utf8").slice(-3000)}`)
      .join("\n");
  }

  /** Runs a command that must succeed; its output as text. */
  async ok(args: readonly string[], options: RunOptions = {}): Promise<string> {
    const result = await this.run(args, options);
    if (result.status === 0) return result.text;
    throw new Error(
      `tswsl ${args.join(" ")} ended with ${result.status ?? result.signal}: ${result.stderr}${result.text}`,
    );
  }

  /** `--json` output, parsed. */
  async json<T>(args: readonly string[]): Promise<T> {
    // The caller names the documented shape; assertions on it follow.
    return JSON.parse(await this.ok([...args, "--json"])) as T;
  }

  /** Stops VM and daemon and removes the directory. */
  async remove(): Promise<void> {
    await this.stop();
    await rm(this.home, { recursive: true, force: true });
  }

  /** Ends the daemon, if there is one, and with it the VM. */
  async stop(): Promise<void> {
    const result = await this.run(["shutdown", "--daemon"], { timeoutMs: 60_000 });
    if (result.status !== 0) throw new Error(`stopping the daemon: ${result.stderr}`);
  }
}
