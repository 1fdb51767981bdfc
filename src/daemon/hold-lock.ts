import { constants, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";

/** libuv's UV_FS_O_EXLOCK on Windows: nobody else can open the file while it is open here. Node passes it on, unnamed. */
const EXCLUSIVE = 0x1000_0000;

/**
 * Holds the daemon's lock file, on Windows, until the process ends, however it ends. Answers false when another process
 * has it. On Linux flock(1) does this before the daemon starts.
 */
export function holdLock(file: string): boolean {
  mkdirSync(dirname(file), { recursive: true });
  try {
    openSync(file, constants.O_RDWR | constants.O_CREAT | EXCLUSIVE);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EBUSY") return false;
    throw error;
  }
}
