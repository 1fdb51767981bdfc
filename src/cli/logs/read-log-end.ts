import { open } from "node:fs/promises";
import { TswslError } from "../../base/errors.ts";

/** No more than this is searched for lines: a guest decides how long a console log is. */
const MAX_BYTES = 4 * 1024 * 1024;

/** The last complete lines of a log and the place where the next one will begin. */
export interface LogEnd {
  readonly lines: readonly string[];
  readonly position: number;
  /** Tells a rotated log from its successor. */
  readonly inode: number;
}

/** Reads the last `count` lines of a log. Raises `not-found` when there is none. */
export async function readLogEnd(file: string, count: number): Promise<LogEnd> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    throw noLog(file, error);
  });
  try {
    const { size, ino } = await handle.stat();
    const start = Math.max(0, size - MAX_BYTES);
    const buffer = Buffer.alloc(size - start);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
    const end = buffer.subarray(0, bytesRead).lastIndexOf("\n") + 1;
    const lines = end === 0 ? [] : buffer.toString("utf8", 0, end - 1).split("\n");
    return { lines: count === 0 ? [] : lines.slice(-count), position: start + end, inode: ino };
  } finally {
    await handle.close();
  }
}

function noLog(file: string, cause: NodeJS.ErrnoException): TswslError {
  if (cause.code !== "ENOENT") {
    return new TswslError("permission", `cannot read ${file}: ${cause.message}`, { cause });
  }
  return new TswslError("not-found", `there is no log yet: ${file}`, {
    cause,
    hint: "It is written when something first runs. See: tswsl status",
  });
}
