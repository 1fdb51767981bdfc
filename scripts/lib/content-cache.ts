import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { lock, tryLock } from "./machine-lock.ts";
import type { Progress } from "./progress.ts";

export interface CacheEntry {
  /** The folder that holds entries of this sort, such as `~/.cache/tswsl/kernel`. */
  folder: string;
  key: string;
  /** Fills the folder it is given; the folder becomes the entry when it returns. */
  build: (into: string) => Promise<void>;
}

const PARTIAL = ".partial";

/** The key of an entry: a digest over everything that decides its content. */
export function contentKey(...parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest("hex").slice(0, 32);
}

/**
 * The folder of an entry, built first where it is missing. An entry is there whole or not at all: it is built beside its
 * place and renamed. Two processes that want the same entry build it once. What a killed build left is removed.
 */
export async function ensureEntry(
  entry: CacheEntry,
  signal: AbortSignal,
  progress: Progress,
): Promise<string> {
  const place = join(entry.folder, entry.key);
  if (existsSync(place)) return place;

  mkdirSync(entry.folder, { recursive: true });
  const release = await lock(place, signal, () =>
    progress.say("another process is building the same thing; waiting for it"),
  );
  const partial = place + PARTIAL;
  try {
    if (existsSync(place)) return place;
    await removeAbandoned(entry.folder, partial);
    mkdirSync(partial);
    await entry.build(partial);
    renameSync(partial, place);
    return place;
  } finally {
    await rm(partial, { recursive: true, force: true });
    release();
  }
}

/** Removes partial entries whose builder is gone. The caller holds the lock of `mine`. */
async function removeAbandoned(folder: string, mine: string): Promise<void> {
  for (const name of readdirSync(folder).filter((name) => name.endsWith(PARTIAL))) {
    const partial = join(folder, name);
    if (partial === mine) {
      await rm(partial, { recursive: true, force: true });
      continue;
    }
    const release = await tryLock(partial.slice(0, -PARTIAL.length));
    if (!release) continue;
    await rm(partial, { recursive: true, force: true });
    release();
  }
}
