import { watch } from "node:fs";
import { toFileError } from "../errors/to-file-error.ts";

/** A watch of a directory; it ends when it is closed. */
export interface NameWatch {
  /** The system has ended it; it hears nothing any more. */
  readonly hasEnded: boolean;
  close(): void;
}

/**
 * Hears a name to which something may have happened; undefined when it may be any of them, and when something has happened
 * to the directory itself.
 */
export type OnName = (name: string | undefined) => void;

/**
 * Calls back when names in the directory at this path come, go or change, names being byte strings: inotify(7) on Linux,
 * ReadDirectoryChangesW on Windows. What is told is a hint: the system says neither what has happened nor everything that
 * has. Throws FileError (ENOSPC: the user has no more watches).
 */
export function watchNames(path: string, onName: OnName): NameWatch {
  try {
    const watcher = watch(path, { encoding: "latin1", persistent: false }, (_type, name) =>
      // What happens to the directory itself has, on Linux, the last name of the path that was given.
      onName(name === null || name === "." ? undefined : name),
    );
    let hasEnded = false;
    watcher.on("error", () => {
      hasEnded = true;
      onName(undefined);
    });
    return {
      get hasEnded() {
        return hasEnded;
      },
      close: () => watcher.close(),
    };
  } catch (error) {
    throw toFileError(error);
  }
}
