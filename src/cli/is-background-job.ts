import { readFileSync } from "node:fs";

/**
 * True when a terminal is ours and another process group has its foreground: then reading it, or changing its mode,
 * would stop this process (SIGTTIN, SIGTTOU; termios(3)). From /proc/self/stat, see proc(5); false where there is none.
 */
export function isBackgroundJob(readStat: () => string = selfStat): boolean {
  const stat = readStat();
  // The second field, the program's name in parentheses, may hold anything; state, ppid, pgrp, session, tty_nr, tpgid follow.
  const [, , group, , terminal, foreground] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  return terminal !== undefined && terminal !== 0 && foreground !== group;
}

function selfStat(): string {
  // There it would be a file of the current drive, which anybody may have made.
  if (process.platform === "win32") return "";
  try {
    return readFileSync("/proc/self/stat", "utf8");
  } catch {
    return "";
  }
}
