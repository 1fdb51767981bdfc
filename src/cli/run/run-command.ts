import type { Writable } from "node:stream";
import { TswslError } from "../../base/errors.ts";
import { encodeJsonFrame, FrameType } from "../../protocol/frames.ts";
import type { FrameConnection } from "../../protocol/frame-channel.ts";
import type { RunRequest } from "../arguments/run-request.ts";
import type { CliProcess } from "../cli.ts";
import { BROKEN_PIPE, exitCodes, signalStatus } from "../exit-codes.ts";
import { copyInput } from "./copy-input.ts";
import { copyOutput } from "./copy-output.ts";
import { execHeader } from "./exec-header.ts";
import { forwardSignals } from "./forward-signals.ts";
import { sendResizes, sendSignal } from "./send-events.ts";
import { hintAtVerb } from "./hint-at-verb.ts";
import { type Handover, handOverTerminal } from "./hand-over-terminal.ts";
import { standardChannels, type StandardChannels } from "./standard-channels.ts";
import { StartDisplay } from "./start-display.ts";
import { whenStalled } from "./when-stalled.ts";

/**
 * Runs a command in a distro with our standard streams, terminal and signals as its own. The answer is its exit status,
 * 128+n when signal n ended it. Raises what tswsl itself, or the daemon, failed at.
 */
export async function runCommand(request: RunRequest, cli: CliProcess): Promise<number> {
  const session = new Session(request, cli);
  try {
    const status = await Promise.race([session.run(), session.left]);
    // The terminal must be the user's again before anything is said there.
    await session.end();
    hintAtVerb(cli, request, status);
    return status;
  } finally {
    await session.end();
  }
}

/** One command from the connection to its end, and all that has to be given back then. */
class Session {
  /** The status to end with at once: a signal meant us, or nobody reads our output any more. */
  readonly left: Promise<number>;
  readonly #request: RunRequest;
  readonly #cli: CliProcess;
  readonly #leave: (status: number) => void;
  readonly #fail: (error: TswslError) => void;
  readonly #leaving = new AbortController();
  readonly #display: StartDisplay;
  readonly #releases: (() => void)[] = [];
  readonly #waits = new Set<symbol>();
  #connection: FrameConnection | undefined;
  #terminal: Handover | undefined;
  /** Nobody is waited for: output that has not been taken is dropped. */
  #abandoned = false;

  constructor(request: RunRequest, cli: CliProcess) {
    this.#request = request;
    this.#cli = cli;
    this.#display = new StartDisplay(cli);
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.left = promise;
    this.#fail = reject;
    this.#leave = (status) => {
      resolve(status);
      this.#leaving.abort();
    };
  }

  async run(): Promise<number> {
    const { signal } = this.#leaving;
    this.#releases.push(
      forwardSignals(this.#cli, {
        isStarting: () => this.#connection === undefined || this.#display.isStarting,
        isTerminal: standardChannels(this.#cli).stdin === "tty",
        send: (number) => sendSignal(this.#connection, number, signal),
        onTold: (number) => this.#releases.push(whenStalled(this.#waits, () => this.#abandon(number))),
        leave: (number) => this.#abandon(number),
      }),
    );
    const stream = await this.#cli.daemon.connect(signal);
    // Only now: connecting may take long, and the window may have been given another size.
    const channels = standardChannels(this.#cli);
    stream.write(encodeJsonFrame(FrameType.header, execHeader(this.#request, channels, this.#cli.env)));
    // It is told of a stream that has failed by then.
    stream.on("error", () => undefined);
    // What the answer takes is loaded while the command starts.
    const { FrameConnection } = await import("../../protocol/frame-channel.ts");
    const connection = new FrameConnection(stream, {
      sends: [FrameType.stdin],
      receives: [FrameType.stdout, FrameType.stderr],
      onProgress: (report) => this.#display.update(report),
    });
    this.#connection = connection;
    return this.#converse(connection, channels);
  }

  /** Gives the terminal, the signals and the connection back. */
  async end(): Promise<void> {
    await this.#display.close();
    this.#connection?.close();
    for (const release of this.#releases.splice(0).toReversed()) release();
    if (!this.#abandoned) return this.#display.sayLate();
    this.#cli.stdout.destroy();
    this.#cli.stderr.destroy();
  }

  #abandon(signal: number): void {
    this.#abandoned = true;
    this.#leave(signalStatus(signal));
  }

  async #converse(connection: FrameConnection, channels: StandardChannels): Promise<number> {
    const { stdout, stderr } = this.#cli;
    this.#releases.push(sendResizes(this.#cli, connection, this.#leaving.signal));
    this.#startInput(connection.writable(FrameType.stdin), channels);
    const sink = {
      beforeFirst: async () => {
        await this.#display.close();
        this.#terminal?.beforeOutput();
      },
      waits: this.#waits,
      onBroken: (error: NodeJS.ErrnoException) => this.#outputFailed(error),
    };
    const copies = Promise.allSettled([
      copyOutput(connection.readable(FrameType.stdout), stdout, sink),
      copyOutput(connection.readable(FrameType.stderr), stderr, sink),
    ]);
    const [outcome] = await Promise.allSettled([connection.outcome, copies]);
    if (outcome.status === "rejected") throw outcome.reason;
    const { kind, value } = outcome.value;
    return kind === "status" ? value : signalStatus(value);
  }

  #startInput(channel: Writable, channels: StandardChannels): void {
    const { stdin, isBackground } = this.#cli;
    if (isBackground()) {
      channel.end();
      return;
    }
    if (channels.stdin === "tty") {
      const terminal = handOverTerminal(this.#cli);
      this.#terminal = terminal;
      this.#releases.push(() => terminal.end());
    }
    const look = (chunk: Uint8Array): void => this.#look(chunk);
    this.#releases.push(copyInput(stdin, channel, { look, onBroken: (error) => this.#fail(error) }));
  }

  #outputFailed(error: NodeJS.ErrnoException): void {
    if (error.code === "EPIPE") this.#leave(BROKEN_PIPE);
    else
      this.#fail(
        new TswslError("unavailable", `cannot write the command's output: ${error.message}`, {
          cause: error,
        }),
      );
  }

  /** In raw mode Ctrl-C is a byte for the command; as long as there is no command, it is for us. */
  #look(chunk: Uint8Array): void {
    if (this.#display.isStarting && this.#cli.stdin.isTTY === true && chunk.includes(CTRL_C)) {
      this.#leave(exitCodes.cancelled);
    }
  }
}

const CTRL_C = 0x03;
