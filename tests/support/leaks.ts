import { readdirSync, readFileSync, readlinkSync } from "node:fs";

interface Leak {
  readonly pid: number;
  readonly command: string;
}

/**
 * Processes that belong to an instance: those that name its directory on their command line or in their environment.
 * Our own process is left out.
 */
export function processesOf(home: string): Leak[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      const command = readProc(name, "cmdline");
      const environment = readProc(name, "environ");
      const own = [command, ...environment.split("\0").filter((entry) => entry.startsWith("TSWSL_HOME="))];
      if (!own.some((text) => text.includes(home))) return [];
      return [{ pid: Number(name), command: command.replaceAll("\0", " ").trim() }];
    });
}

/** Mount points below a directory. */
export function mountsBelow(directory: string): string[] {
  return readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .flatMap((line) => line.split(" ")[1] ?? [])
    .filter((point) => point.startsWith(directory));
}

/** What a process has open, by descriptor. */
export function openFiles(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch {
      // Closed between the two calls.
      return [];
    }
  });
}

/** How many threads a process has. */
export function threadsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).length;
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    // Ended meanwhile, or not ours to read.
    return "";
  }
}
