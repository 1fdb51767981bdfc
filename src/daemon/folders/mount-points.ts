import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdir, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Lazily, so that whoever still uses it keeps nobody waiting. */
const UNMOUNT = ["-u", "-z", "-q"] as const;

/**
 * Waits for the end of its standard input. A line there means that all is well; otherwise the daemon has died, and with it the
 * answers: nothing of it may stay for programs to stumble over.
 */
const WATCH = `read -r _ && exit
for point in "$1"/*; do fusermount3 ${UNMOUNT.join(" ")} "$point"; rmdir "$point"; done
rmdir "$1"`;

/** The folders on a Linux host that distros are mounted on: one for each, in a directory of their own. */
export class MountPoints {
  readonly #directory: string;
  #watch: ChildProcess | undefined;

  /** `directory` is made when it is first needed. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Makes the folder, and clears it of what a daemon that died before has left. */
  async make(name: string): Promise<string> {
    const point = join(this.#directory, name);
    await mkdir(this.#directory, { recursive: true });
    this.#watch ??= watch(this.#directory);
    // ENOTCONN: a mount whose server is gone. mkdir would say that it exists.
    if (await isAbandoned(point)) await run("fusermount3", [...UNMOUNT, point]);
    await mkdir(point, { recursive: true, mode: 0o700 });
    return point;
  }

  /** Leaves it where it is when it has files of the user's own in it. */
  async remove(name: string): Promise<void> {
    await rmdir(join(this.#directory, name)).catch(() => undefined);
  }

  /** After the last has been removed. */
  async close(): Promise<void> {
    this.#watch?.stdin?.end("\n");
    this.#watch = undefined;
    await rmdir(this.#directory).catch(() => undefined);
  }
}

async function isAbandoned(point: string): Promise<boolean> {
  try {
    await stat(point);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOTCONN";
  }
}

/** In a session of its own, so that what ends the daemon from a terminal does not end it too. */
function watch(directory: string): ChildProcess {
  const child = spawn("sh", ["-c", WATCH, "sh", directory], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  child.on("error", () => undefined);
  child.stdin.on("error", () => undefined);
  child.unref();
  return child;
}
