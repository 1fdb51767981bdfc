import type { CliProcess } from "../cli.ts";

/**
 * Hands the keyboard over to the command: from here Ctrl-C, Ctrl-Z and the rest are bytes that the distribution's
 * terminal interprets. The function returned gives it back; so does the end of the process, however it comes about
 * (but SIGKILL). Does nothing when standard input is no terminal.
 */
export function enterRawMode({ stdin, events }: Pick<CliProcess, "stdin" | "events">): () => void {
  if (stdin.isTTY !== true || stdin.setRawMode === undefined) return () => undefined;
  const set = (raw: boolean): void => {
    stdin.setRawMode?.(raw);
  };
  const restore = (): void => {
    set(false);
    events.off("exit", restore);
    events.off("SIGCONT", resume);
  };
  // A shell that continues a stopped job has set the terminal as it likes; Node skips a mode that it believes is set.
  const resume = (): void => {
    set(false);
    set(true);
  };
  set(true);
  events.on("exit", restore);
  events.on("SIGCONT", resume);
  return restore;
}
