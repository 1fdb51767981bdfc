import type { DirectoryEntry, FileNode } from "../../fs-9p/file-system.ts";
import { O_DIRECTORY } from "../../fs-9p/linux.ts";
import { checkName } from "../../fs-9p/names.ts";

/** Entries that are asked for at once; the file system may give fewer. */
const BATCH = 4096;
/** A server that never comes to an end fills no more of our memory than this many names. */
const MAX_ENTRIES = 5_000_000;

/**
 * All entries of a directory, sorted by their bytes. A guest may send names that are none (`..`, `a/b`); whoever made a
 * file of such a name would leave the directory, so they are left out here.
 */
export async function readDirectory(node: FileNode, signal: AbortSignal): Promise<DirectoryEntry[]> {
  const directory = await node.open(O_DIRECTORY);
  try {
    const entries: DirectoryEntry[] = [];
    for (let offset = 0; entries.length < MAX_ENTRIES;) {
      signal.throwIfAborted();
      const batch = await directory.readdir(offset, BATCH);
      const last = batch.at(-1);
      if (last === undefined) break;
      for (const entry of batch) if (isName(entry.name)) entries.push(entry);
      offset = last.offset;
    }
    return entries.sort((left, right) => (left.name < right.name ? -1 : 1));
  } finally {
    await directory.close();
  }
}

function isName(name: string): boolean {
  try {
    checkName(name);
    return true;
  } catch {
    return false;
  }
}
