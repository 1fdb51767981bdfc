import type { CliProcess } from "../cli.ts";
import type { TerminalMode } from "./hand-over-terminal.ts";

/**
 * Keyboard and screen are the command's: Ctrl-C, Ctrl-Z and the rest are bytes that the distribution's terminal
 * interprets. Once the command writes, that terminal also makes CR LF of LF. Node's raw mode lets ours do so again, and
 * a full-screen program's "one line down" would go to the first column.
 */
export function ownTerminal({ stdin, stty }: Pick<CliProcess, "stdin" | "stty">): TerminalMode {
  let writing = false;
  const set = (raw: boolean): void => {
    stdin.setRawMode?.(raw);
  };
  return {
    take: () => {
      // Node skips a mode that it believes is set.
      set(false);
      set(true);
      if (writing) stty("-opost");
    },
    give: () => set(false),
    beforeOutput: () => {
      if (!writing) stty("-opost");
      writing = true;
    },
  };
}
