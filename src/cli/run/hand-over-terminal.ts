import type { CliProcess } from "../cli.ts";
import { ownTerminal } from "./own-terminal.ts";
import { sharedTerminal } from "./shared-terminal.ts";

/** A way to give the keyboard to the command, and to take it back. */
export interface TerminalMode {
  /** Makes the keyboard the command's. Called again after anything may have changed the terminal. */
  readonly take: () => void;
  /** Leaves the terminal to the user as it was. */
  readonly give: () => void;
  /** The command is about to write: from here the screen is its own. */
  readonly beforeOutput: () => void;
}

/** A terminal that is handed over. */
export interface Handover {
  readonly beforeOutput: () => void;
  readonly end: () => void;
}

type Parts = Pick<CliProcess, "stdin" | "stdout" | "events" | "isBackground" | "stty">;

/**
 * Hands the keyboard over to the command until `end`, or until the process ends, however that comes about (but
 * SIGKILL). While the job is stopped, or continued in the background, the terminal is the shell's.
 */
export function handOverTerminal(cli: Parts): Handover {
  // Windows has no pipelines' foreground to share a terminal with, and Node's raw mode is all there is.
  const isOwn = cli.stdout.isTTY === true || process.platform === "win32";
  const mode = isOwn ? ownTerminal(cli) : sharedTerminal(cli);
  const { events } = cli;
  // The shell that continues a stopped job has set the terminal as it likes.
  const resume = (): void => {
    if (!cli.isBackground()) mode.take();
  };
  const stop = (): void => {
    mode.give();
    // By the signal's own action: it does nothing where no shell could continue us. The next line runs after SIGCONT.
    events.off("SIGTSTP", stop);
    events.kill(events.pid, "SIGTSTP");
    events.on("SIGTSTP", stop);
    resume();
  };
  const end = (): void => {
    mode.give();
    events.off("exit", end);
    events.off("SIGCONT", resume);
    events.off("SIGTSTP", stop);
  };
  mode.take();
  events.on("exit", end);
  events.on("SIGCONT", resume);
  events.on("SIGTSTP", stop);
  return { beforeOutput: mode.beforeOutput, end };
}
