import type { CliProcess } from "../cli.ts";
import type { TerminalMode } from "./hand-over-terminal.ts";

/** Keys go to the command as they are, one by one, and the distribution's terminal echoes them. */
const keysOnly = ["-icanon", "-echo", "-iexten", "-icrnl", "-ixon", "min", "1", "time", "0"] as const;

/**
 * Keyboard for the command while its output goes elsewhere: `tswsl sudo dmesg | less`. The terminal has other users
 * then, so Ctrl-C and Ctrl-Z stay signals for the whole pipeline, the screen's settings are not touched, and settings
 * that another program has made since are not undone: less has given the terminal back before it closes our pipe.
 */
export function sharedTerminal({ stty }: Pick<CliProcess, "stty">): TerminalMode {
  let before: string | undefined;
  let ours: string | undefined;
  return {
    take: () => {
      const found = stty("-g");
      if (found === undefined || found === ours) return;
      before = found;
      stty(...keysOnly);
      ours = stty("-g");
    },
    give: () => {
      if (before !== undefined && stty("-g") === ours) stty(before);
      ours = undefined;
      before = undefined;
    },
    beforeOutput: () => undefined,
  };
}
