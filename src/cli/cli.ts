import type { Readable, Writable } from "node:stream";
import type { TswslPaths } from "../base/files.ts";
import type { DaemonClient } from "./daemon/daemon-client.ts";
import type { HostTool } from "./host/host-tool.ts";

/** A standard stream to write to, which may be a terminal. */
export type OutputStream = Writable & {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
};

/** Standard input, which may be a terminal. */
export type InputStream = Readable & {
  readonly isTTY?: boolean | undefined;
  setRawMode?(mode: boolean): unknown;
};

/** The part of `process` that deals with signals and the end. */
export interface ProcessEvents {
  readonly pid: number;
  kill(pid: number, signal: NodeJS.Signals): unknown;
  on(event: NodeJS.Signals | "exit", listener: () => void): unknown;
  off(event: NodeJS.Signals | "exit", listener: () => void): unknown;
  exit(status: number): void;
}

/** Everything the CLI may touch outside of itself: the process and the daemon, as the tests replace them. */
export interface CliProcess {
  /** Another host tool than that of the program beside this one. */
  readonly host?: HostTool;
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Whether standard input, output or error is a terminal: to ask this needs no stream. */
  readonly isTerminal: (fd: 0 | 1 | 2) => boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly paths: TswslPaths;
  readonly events: ProcessEvents;
  /** True for a shell's background job, which must leave the terminal's keyboard alone or be stopped. */
  readonly isBackground: () => boolean;
  /** Reads or changes the settings of standard input's terminal, see run/stty.ts. */
  readonly stty: (...settings: readonly string[]) => string | undefined;
  /** The way to the daemon, opened when first asked for. */
  readonly daemon: DaemonClient;
}

/** What a verb is given. */
export interface Cli extends CliProcess {
  /** Fires on the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** Looks at the host, without the daemon. */
  readonly host: HostTool;
}
