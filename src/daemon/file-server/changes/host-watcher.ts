import { FileError } from "../../../fs-9p/index.ts";
import { type Change, changesOf, type NameState, renamesOf } from "./differences.ts";
import { nanoseconds } from "./entry.ts";
import type { KnownFiles } from "./known-files.ts";
import { wantedDirectories } from "./wanted-directories.ts";
import {
  type Interest,
  type OpenedDirectory,
  type WatchedDisk,
  WatchedDirectory,
} from "./watched-directory.ts";

/** What happens within this while is told together: the two names of a rename, the many writes of one file. */
const ROUND_MS = 20;
/** Names in all directories together of which something is remembered. */
const MAX_ENTRIES = 128 * 1024;
/** The host's queue of events (inotify's max_queued_events, 16384) may have run over; then nobody says so. */
const MAX_HEARD = 4096;
/** Differences told at once; the others wait where they are, on the disk. */
const MAX_STATES = 4096;
/** The thread serves files: taking up many directories is done in pieces. */
const PIECE_MS = 5;

export interface HostWatcherParts {
  readonly known: KnownFiles;
  /** The folder that the guest has asked for under this name. Throws FileError when it may not have it (any more). */
  readonly disk: (asked: string) => WatchedDisk;
  /** Changes that the guest has not made itself. No more of them come before {@link HostWatcher.next}. */
  readonly onChanges: (changes: readonly Change[]) => void;
}

/**
 * Watches directories of the host for a guest. The host's system says only where something may have happened; what it was
 * comes from comparing with what was known before, so that nothing is missed when it says too little, and nothing is kept
 * in memory while nobody takes the changes: they are found later, as differences.
 */
export class HostWatcher {
  readonly #parts: HostWatcherParts;
  readonly #directories = new Map<number, WatchedDirectory>();
  readonly #dirty = new Set<WatchedDirectory>();
  readonly #absorbing = new Set<WatchedDirectory>();
  /** Those with too many names; they are not read again each time that the guest says that it watches them. */
  readonly #refused = new Set<number>();
  #adopting: Iterator<readonly [number, Interest]> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #heard = 0;
  #busy = false;

  constructor(parts: HostWatcherParts) {
    this.#parts = parts;
  }

  /** These files, by their qid paths, and no others are watched from now on. */
  watch(files: readonly number[]): void {
    const wanted = wantedDirectories(this.#parts.known, files);
    for (const directory of this.#directories.values()) if (!wanted.has(directory.qid)) this.#drop(directory);
    for (const qid of this.#refused) if (!wanted.has(qid)) this.#refused.delete(qid);
    this.#adopting = wanted.entries();
    this.#adoptSome(this.#adopting);
  }

  /** The guest has changed what this name stands for. */
  absorb(qid: number, name: string): void {
    const directory = this.#directories.get(qid);
    if (!directory?.wants(name)) return;
    directory.markOwn(name);
    if (this.#absorbing.size === 0) queueMicrotask(() => this.#absorbAll());
    this.#absorbing.add(directory);
  }

  /**
   * The guest is about to move or to remove what this name stands for. What is watched below it is let go where that would be
   * in the way, until the guest says again that it watches it.
   */
  release(qid: number, name: string): void {
    for (const directory of this.#directories.values())
      if (directory.isHeld && this.#parts.known.isBelow(directory.qid, qid, name)) this.#drop(directory);
  }

  /** The changes have been told: it may go on. */
  next(): void {
    this.#busy = false;
    if (this.#dirty.size > 0) this.#schedule();
  }

  close(): void {
    this.#adopting = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const directory of this.#directories.values()) this.#drop(directory);
  }

  #adoptSome(wanted: Iterator<readonly [number, Interest]>): void {
    if (this.#adopting !== wanted) return;
    const until = performance.now() + PIECE_MS;
    let entries = this.#entries();
    for (let step = wanted.next(); !step.done; step = wanted.next()) {
      const [qid, interest] = step.value;
      const directory = this.#directories.get(qid) ?? new WatchedDirectory(qid);
      const isDone = directory.isWatched && directory.isFor(interest);
      if (isDone || this.#refused.has(qid)) continue;
      entries -= directory.size;
      const adopt = (opened: OpenedDirectory): boolean => {
        this.#directories.set(qid, directory);
        // Watched first: what happens while it is read is looked at again.
        directory.watch(opened, (name) => this.#hear(directory, name));
        if (directory.isFor(interest) || directory.adopt(interest, opened, MAX_ENTRIES - entries))
          return true;
        this.#refused.add(qid);
        return false;
      };
      if (this.#opened(qid, adopt)) entries += directory.size;
      else this.#drop(directory);
      if (performance.now() > until) {
        setImmediate(() => this.#adoptSome(wanted));
        return;
      }
    }
    this.#adopting = undefined;
  }

  #hear(directory: WatchedDirectory, name: string | undefined): void {
    this.#heard += 1;
    directory.mark(name);
    this.#dirty.add(directory);
    this.#schedule();
  }

  #entries(): number {
    let entries = 0;
    for (const { size } of this.#directories.values()) entries += size;
    return entries;
  }

  #drop(directory: WatchedDirectory): void {
    directory.close();
    this.#directories.delete(directory.qid);
    this.#dirty.delete(directory);
    this.#absorbing.delete(directory);
  }

  #absorbAll(): void {
    const directories = Array.from(this.#absorbing);
    this.#absorbing.clear();
    for (const directory of directories)
      this.#opened(directory.qid, (opened) => {
        directory.absorb(opened);
        return true;
      });
  }

  #schedule(): void {
    if (this.#busy) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#round();
    }, ROUND_MS).unref();
  }

  #round(): void {
    if (this.#heard > MAX_HEARD)
      for (const directory of this.#directories.values()) {
        directory.mark(undefined);
        this.#dirty.add(directory);
      }
    this.#heard = 0;
    const states = this.#look();
    const changes = changesOf(states).filter((change) => this.#isWanted(change));
    for (const change of changes) if (change.kind === "rename") this.#moved(change);
    for (const { directory, name, now } of states) this.#directories.get(directory)?.know(name, now);
    if (this.#entries() > MAX_ENTRIES) for (const { directory } of states) this.#dropQid(directory);
    this.#busy = changes.length > 0;
    if (changes.length > 0) this.#parts.onChanges(changes);
    else if (this.#dirty.size > 0) this.#schedule();
  }

  /** A directory that is not where it was may have been renamed: that shows in the others. */
  #look(): readonly NameState[] {
    const states: NameState[] = [];
    const missing: WatchedDirectory[] = [];
    for (const directory of this.#dirty) {
      if (states.length >= MAX_STATES) break;
      this.#dirty.delete(directory);
      if (!this.#lookInto(directory, states)) missing.push(directory);
    }
    for (const rename of renamesOf(states)) this.#moved(rename);
    for (const directory of missing) {
      if (this.#lookInto(directory, states)) continue;
      states.push(...directory.lost(this.#parts.known.placeOf(directory.qid)?.names.length ?? 0));
      this.#drop(directory);
    }
    return states;
  }

  #lookInto(directory: WatchedDirectory, states: NameState[]): boolean {
    return this.#opened(directory.qid, (opened) => {
      for (const state of directory.differences(opened)) states.push(state);
      return true;
    });
  }

  #moved({ from, to, entry }: Extract<Change, { kind: "rename" }>): void {
    if (this.#directories.get(from.directory)?.wants(from.name))
      this.#directories.get(to.directory)?.want(to.name);
    this.#parts.known.found(to.directory, to.name, entry.qid);
  }

  /** In a directory that is not watched itself only some names are. */
  #isWanted(change: Change): boolean {
    const places = change.kind === "rename" ? [change.from, change.to] : [change.at];
    return places.some(({ directory, name }) => {
      const watched = this.#directories.get(directory);
      // One that has just been dropped was.
      return !watched || watched.wants(name);
    });
  }

  #dropQid(qid: number): void {
    const directory = this.#directories.get(qid);
    if (directory) this.#drop(directory);
  }

  /** What `use` answers; false when the directory is not where it was, or may not be had. */
  #opened(qid: number, use: (opened: OpenedDirectory) => boolean): boolean {
    const place = this.#parts.known.placeOf(qid);
    if (!place?.isDirectory) return false;
    try {
      const disk = this.#parts.disk(place.asked);
      const directory = disk.openDirectory(place.names);
      try {
        const { qid: found, born } = disk.attributesOf(directory.stat());
        const opened = { disk, directory, depth: place.names.length, born: nanoseconds(born) };
        const isSame = found.path === qid && (this.#directories.get(qid)?.is(opened) ?? true);
        return isSame && use(opened);
      } finally {
        directory.close();
      }
    } catch (error) {
      if (error instanceof FileError) return false;
      throw error;
    }
  }
}
