import type { CliProcess, OutputStream } from "../cli.ts";

type Channel = "tty" | "pipe";

/** What each standard stream is, and the size of the terminal when any of them is one. */
export interface StandardChannels {
  readonly stdin: Channel;
  readonly stdout: Channel;
  readonly stderr: Channel;
  readonly tty: WindowSize | null;
}

export interface WindowSize {
  readonly rows: number;
  readonly columns: number;
}

/** For a terminal that tells no size. */
const usualSize: WindowSize = { rows: 24, columns: 80 };

type Streams = Pick<CliProcess, "stdout" | "stderr" | "isTerminal" | "isBackground">;

/**
 * A background job has no keyboard: its input is empty, as with `< /dev/null`. Nor is a keyboard given to a command
 * that has no screen: nobody would see its echo and its questions. It reads the lines typed here instead.
 */
export function standardChannels(cli: Streams): StandardChannels {
  const kind = (fd: 0 | 1 | 2): Channel => (cli.isTerminal(fd) ? "tty" : "pipe");
  const [stdout, stderr] = [kind(1), kind(2)];
  const hasScreen = stdout === "tty" || stderr === "tty";
  const stdin = hasScreen && !cli.isBackground() ? kind(0) : "pipe";
  return { stdin, stdout, stderr, tty: hasScreen ? windowSize(screenOf(cli)) : null };
}

/** The output that is the terminal, and tells its size. */
export function screenOf({
  stdout,
  stderr,
}: Pick<CliProcess, "stdout" | "stderr">): OutputStream | undefined {
  return [stdout, stderr].find((stream) => stream.isTTY === true);
}

export function windowSize(screen: OutputStream | undefined): WindowSize {
  const { rows, columns } = screen ?? {};
  return { rows: rows || usualSize.rows, columns: columns || usualSize.columns };
}
