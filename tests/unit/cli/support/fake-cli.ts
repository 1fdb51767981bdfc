import { EventEmitter } from "node:events";
import { type Duplex, PassThrough } from "node:stream";
import { tswslPaths } from "../../../../src/base/files.ts";
import type { CliProcess, InputStream, OutputStream } from "../../../../src/cli/cli.ts";
import type {
  CallOptions,
  DaemonClient,
  DaemonMethod,
  DaemonParams,
  DaemonResult,
} from "../../../../src/cli/daemon/daemon-client.ts";
import { FakeHost } from "./fake-host.ts";
import type { HostTool } from "../../../../src/cli/host/host-tool.ts";

type Answers = {
  readonly [M in DaemonMethod]?: (
    params: DaemonParams<M>,
    options: CallOptions,
  ) => DaemonResult<M> | Promise<DaemonResult<M>>;
};

/** A daemon that answers from a table and remembers what it was asked. */
export class FakeDaemon implements DaemonClient {
  readonly calls: [DaemonMethod, unknown][] = [];
  readonly #answers: Answers;
  readonly #running: boolean;
  ended = 0;

  constructor(answers: Answers = {}, running = true) {
    this.#answers = answers;
    this.#running = running;
  }

  async call<M extends DaemonMethod>(
    method: M,
    params: DaemonParams<M>,
    options: CallOptions,
  ): Promise<DaemonResult<M>> {
    this.calls.push([method, params]);
    const answer = this.#answers[method];
    if (answer === undefined) throw new Error(`the test did not expect '${method}'`);
    return answer(params, options);
  }

  async isRunning(): Promise<boolean> {
    return this.#running;
  }

  async waitForEnd(): Promise<void> {
    this.ended += 1;
  }

  async connect(): Promise<Duplex> {
    throw new Error("the test did not expect a connection");
  }

  async close(): Promise<void> {
    // Nothing is open.
  }
}

/** `process.on`, `off` and `exit` without a process. */
class FakeEvents extends EventEmitter {
  readonly exits: number[] = [];
  readonly pid = 4711;
  readonly kills: [number, NodeJS.Signals][] = [];

  kill(pid: number, signal: NodeJS.Signals): void {
    this.kills.push([pid, signal]);
  }

  exit(status: number): void {
    this.exits.push(status);
  }
}

type FakeInput = PassThrough & InputStream;

export interface FakeCli extends CliProcess {
  readonly stdin: FakeInput;
  readonly events: FakeEvents;
  readonly out: () => string;
  readonly err: () => string;
}

export interface FakeCliOptions {
  readonly daemon?: DaemonClient;
  readonly host?: HostTool;
  readonly terminal?: boolean;
  readonly background?: boolean;
  readonly stty?: CliProcess["stty"];
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin?: FakeInput;
}

/** The process a verb sees, in memory. */
export function fakeCli(options: FakeCliOptions = {}): FakeCli {
  const { daemon, host, terminal = false, background = false, env = {}, stdin, stty } = options;
  const stdout = collector(terminal);
  const stderr = collector(terminal);
  const streams = {
    stdin: stdin ?? Object.assign(new PassThrough(), { isTTY: terminal }),
    stdout: stdout.stream,
    stderr: stderr.stream,
  };
  return {
    ...streams,
    isTerminal: (fd) => [streams.stdin, streams.stdout, streams.stderr][fd]?.isTTY === true,
    env: { HOME: "/home/tester", ...env },
    cwd: "/srv/here",
    paths: tswslPaths({ TSWSL_HOME: "/nonexistent/tswsl" }),
    events: new FakeEvents(),
    isBackground: () => background,
    stty: stty ?? (() => undefined),
    daemon: daemon ?? new FakeDaemon(),
    host: host ?? new FakeHost(),
    out: stdout.text,
    err: stderr.text,
  };
}

/** An output that keeps what is written; a terminal of 80 by 24 when asked to be. */
export function collector(isTTY: boolean): { stream: OutputStream & PassThrough; text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new PassThrough();
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return {
    stream: Object.assign(stream, isTTY ? { isTTY, columns: 80, rows: 24 } : { isTTY }),
    text: () => Buffer.concat(chunks).toString(),
  };
}
