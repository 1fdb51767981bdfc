import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { Socket } from "node:net";
import { isatty } from "node:tty";
import type { OutputStream } from "./cli.ts";

/**
 * Standard output or error. Node writes to a pipe without blocking, a mode that belongs to the open file and so to
 * everyone who has inherited it: `make` beside us would fail with EAGAIN. A pipe is therefore opened anew, which Linux
 * does through /proc; where that is not possible, Node's own stream has to do.
 */
export function standardOutput(fd: 1 | 2): OutputStream {
  const own = reopenedPipe(fd);
  if (own === undefined) return fd === 1 ? process.stdout : process.stderr;
  return new Socket({ fd: own, readable: false, writable: true });
}

function reopenedPipe(fd: number): number | undefined {
  // There /proc would be a folder of the current drive, which anybody may have made.
  if (process.platform === "win32") return undefined;
  try {
    if (!fstatSync(fd).isFIFO()) return undefined;
    // Without O_NONBLOCK, opening a FIFO whose reader has gone would wait for another.
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

/**
 * Node sets a terminal at exit as it was when Node started. By then it may have another user: `tswsl logs -f | less`
 * would be left without echo, since less, which has given the terminal back, began before us. A descriptor that is
 * closed is left alone. To be called at exit, when nothing uses the streams any more.
 */
export function leaveTerminalAlone(): void {
  // There Node does not touch it.
  if (process.platform === "win32") return;
  for (const fd of [0, 1, 2]) {
    if (isatty(fd)) closeSync(fd);
  }
}
