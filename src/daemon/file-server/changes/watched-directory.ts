import type { HostDirectory, HostDisk, NameWatch, OnName } from "../../../fs-9p/index.ts";
import type { NameState } from "./differences.ts";
import { type Entry, entryOf, isSameFile, touchOf } from "./entry.ts";

/** Names that may have changed, above which all of the directory is looked at. */
const MAX_DIRTY = 1024;

/** The names whose changes the guest wants to hear of. */
export type Interest = "all" | ReadonlySet<string>;

/** What of a disk is needed to watch its directories. */
export type WatchedDisk = Pick<HostDisk, "openDirectory" | "attributesOf">;

/** A directory of the host, opened for a moment. */
export interface OpenedDirectory {
  readonly disk: WatchedDisk;
  readonly directory: HostDirectory;
  /** How many names above it. */
  readonly depth: number;
  readonly born: number;
}

/** A directory in which the guest watches something: what was last known of it, and where something may have happened. */
export class WatchedDirectory {
  /** Qid path. */
  readonly qid: number;
  #watch: NameWatch | undefined;
  /** Being watched keeps it, and all above it, from being renamed and removed: so it is on Windows. */
  isHeld = false;
  /** When it was made: another one may have its number, and its name, later. */
  #born: number | undefined;
  readonly #entries = new Map<string, Entry>();
  #interest: Interest = new Set();
  #adopted = false;
  #dirty = new Set<string>();
  /** There were too many dirty names. */
  #overflown = false;
  #whole = false;
  #own = new Set<string>();

  constructor(qid: number) {
    this.qid = qid;
  }

  get isWatched(): boolean {
    return this.#watch?.hasEnded === false;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** It is these names already. */
  isFor(interest: Interest): boolean {
    return this.#adopted && isSame(interest, this.#interest);
  }

  /** The directory that is there is this one, not another with its number. */
  is({ born }: OpenedDirectory): boolean {
    return this.#born === undefined || this.#born === born;
  }

  wants(name: string): boolean {
    return this.#interest === "all" || this.#interest.has(name);
  }

  /** One more name; a file that is watched has been renamed to it. */
  want(name: string): void {
    if (this.#interest !== "all") this.#interest = new Set([...this.#interest, name]);
  }

  /** From now on it is these names; those that were not known are what they are now. False: that would be more than `room`. */
  adopt(interest: Interest, opened: OpenedDirectory, room: number): boolean {
    const names = interest === "all" ? namesIn(opened) : [...interest];
    if (names.length > room) return false;
    this.#interest = interest;
    this.#adopted = true;
    this.#born = opened.born;
    this.isHeld = opened.directory.staysWhileOpen;
    for (const name of this.#entries.keys()) if (!this.wants(name)) this.#entries.delete(name);
    for (const name of names) if (!this.#entries.has(name)) this.know(name, look(opened, name));
    return true;
  }

  /** Has the host tell where something may have happened, unless it does. */
  watch({ directory }: OpenedDirectory, onName: OnName): void {
    if (this.isWatched) return;
    const again = this.#watch !== undefined;
    this.#watch = directory.watch(onName);
    // What has happened since the last one ended.
    if (again) onName(undefined);
  }

  know(name: string, entry: Entry | undefined): void {
    if (entry && this.wants(name)) this.#entries.set(name, entry);
    else this.#entries.delete(name);
  }

  /** Something may have happened to this name; undefined: to any. */
  mark(name: string | undefined): void {
    if (name === undefined) this.#whole = true;
    else if (this.#dirty.size < MAX_DIRTY) this.#dirty.add(name);
    else this.#overflown = true;
  }

  /** The guest itself has changed this name. */
  markOwn(name: string): void {
    this.#own.add(name);
  }

  /** What the guest has changed is known, and no news to it. */
  absorb(opened: OpenedDirectory): void {
    const own = this.#own;
    this.#own = new Set();
    for (const name of own) this.know(name, look(opened, name));
  }

  /** Looks where something may have happened, and answers with what is not as it was known. */
  differences(opened: OpenedDirectory): readonly NameState[] {
    const names = this.#whole || this.#overflown ? this.#allNames(opened) : this.#dirty;
    this.#clean();
    const states: NameState[] = [];
    for (const name of names) {
      const before = this.#entries.get(name);
      const now = look(opened, name);
      if (before && now ? !isSameFile(before, now) || touchOf(before, now) : before !== now)
        states.push({ directory: this.qid, depth: opened.depth, name, before, now });
    }
    return states;
  }

  /** It is not where it was: what has been seen to happen in it before was that names went. */
  lost(depth: number): readonly NameState[] {
    const names = this.#overflown ? new Set(this.#entries.keys()) : this.#dirty;
    this.#clean();
    return Array.from(names).flatMap((name) => {
      const before = this.#entries.get(name);
      return before ? [{ directory: this.qid, depth, name, before, now: undefined }] : [];
    });
  }

  close(): void {
    this.#watch?.close();
    this.#watch = undefined;
  }

  #allNames(opened: OpenedDirectory): ReadonlySet<string> {
    const present = this.#interest === "all" ? namesIn(opened) : this.#interest;
    return new Set([...this.#entries.keys(), ...this.#dirty, ...present]);
  }

  #clean(): void {
    this.#dirty = new Set();
    this.#overflown = false;
    this.#whole = false;
  }
}

function namesIn({ directory }: OpenedDirectory): readonly string[] {
  return directory.list().map(({ name }) => name);
}

function look({ disk, directory }: OpenedDirectory, name: string): Entry | undefined {
  const stats = directory.lstat(name);
  return stats && entryOf(disk.attributesOf(stats));
}

function isSame(one: Interest, other: Interest): boolean {
  if (one === "all" || other === "all") return one === other;
  return one.size === other.size && Array.from(one).every((name) => other.has(name));
}
