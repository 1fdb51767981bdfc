import type { Stats } from "node:fs";
import { FileError } from "../errors/file-error.ts";
import type { AttributeChanges, Timestamp } from "../file-system.ts";
import type { Times } from "./host-directory.ts";

/** The times a change asks for, "now" by this process's clock; undefined when it asks for none. */
export function timesOf({ accessed, modified }: AttributeChanges): Times | undefined {
  if (accessed === undefined && modified === undefined) return undefined;
  return {
    accessed: accessed === "now" ? now() : accessed,
    modified: modified === "now" ? now() : modified,
  };
}

/**
 * Access and modification time for Node's utimes functions, which set both and take seconds as a double: libuv
 * makes whole microseconds of them. EINVAL for a time before 1970, which Node would silently replace by now.
 */
export function nodeTimes({ accessed, modified }: Times, present: () => Stats): [number, number] {
  const kept = accessed && modified ? undefined : present();
  return [
    accessed ? seconds(accessed) : (kept?.atimeMs ?? 0) / 1000,
    modified ? seconds(modified) : (kept?.mtimeMs ?? 0) / 1000,
  ];
}

function seconds({ seconds, nanoseconds }: Timestamp): number {
  if (seconds < 0) throw new FileError("EINVAL");
  return seconds + nanoseconds / 1e9;
}

function now(): Timestamp {
  const milliseconds = Date.now();
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds, nanoseconds: (milliseconds - seconds * 1000) * 1e6 };
}
