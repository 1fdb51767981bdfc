import type { KnownFiles } from "./known-files.ts";
import type { Interest } from "./watched-directory.ts";

/** Directories watched at once: a Linux user has from 8192 watches upwards, and other programs too. */
const MAX_DIRECTORIES = 8192;

/**
 * The directories of the host to watch for a guest that watches these files: what is in a directory, and the name of each,
 * without which nobody would know that it has gone.
 */
export function wantedDirectories(
  known: KnownFiles,
  files: readonly number[],
): ReadonlyMap<number, Interest> {
  const wanted = new Map<number, "all" | Set<string>>();
  for (const file of files) {
    const place = known.placeOf(file);
    if (!place) continue;
    if (place.isDirectory) wanted.set(file, "all");
    const parent = known.nameOf(file);
    if (place.directory === undefined || !parent) continue;
    const names = wanted.get(parent.directory);
    if (names === undefined) wanted.set(parent.directory, new Set([parent.name]));
    else if (names !== "all") names.add(parent.name);
  }
  return new Map(Array.from(wanted).slice(0, MAX_DIRECTORIES));
}
