import { readFileSync, readlinkSync } from "node:fs";

let directory: string | undefined;
let umask: number | undefined;

/** The file that a descriptor of this process holds, as a path. */
export function fdPath(fd: number): string {
  directory ??= fdDirectory();
  return `${directory}/${fd}`;
}

/** By number it costs the kernel one link less; but /proc may be another process namespace's, where the number is another's. */
function fdDirectory(): string {
  const pid = String(process.pid);
  return readlinkSync("/proc/self") === pid ? `/proc/${pid}/fd` : "/proc/self/fd";
}

/** Read from /proc, since process.umask() sets it to 0 for a moment, for all threads. It is taken not to change. */
export function processUmask(): number {
  umask ??= Number.parseInt(
    /^Umask:\s*(\d+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "22",
    8,
  );
  return umask;
}
