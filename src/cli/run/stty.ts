import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";

/** stty(1) only asks the kernel; where it does not come back, the terminal is stuck. */
const STTY_MS = 2000;

/**
 * Reads or changes the settings of standard input's terminal, with stty(1): Node knows only its own two modes. What it
 * prints is the answer, or nothing when it cannot be run or refuses.
 */
export function stty(...settings: readonly string[]): string | undefined {
  if (process.platform === "win32") return undefined;
  try {
    const terminal = reopened();
    try {
      return execFileSync("stty", settings, {
        stdio: [terminal, "pipe", "ignore"],
        encoding: "utf8",
        timeout: STTY_MS,
      }).trim();
    } finally {
      closeSync(terminal);
    }
  } catch {
    return undefined;
  }
}

/**
 * Node makes the descriptors blocking that it gives to a child, and with ours itself: a key that less took before us
 * would then stop this process until the next one.
 */
function reopened(): number {
  return openSync("/proc/self/fd/0", constants.O_RDWR | constants.O_NOCTTY);
}
