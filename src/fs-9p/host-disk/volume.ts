import { FileError } from "../errors/file-error.ts";
import type { Attributes, Qid } from "../file-system.ts";
import { LockTable } from "../locks.ts";
import { attributesOfStats, qidOfStats } from "./attributes.ts";
import { DirectoryHandles } from "./directory-handles.ts";
import type { HostDirectory, HostStats, ListedStats } from "./host-directory.ts";
import { Place } from "./place.ts";
import type { QidPaths } from "./qid-paths.ts";
import { RecentAttributes } from "./recent-attributes.ts";

/** How long a directory is held open on a host on which that keeps other programs from renaming what it is in. */
const HELD_MS = 500;

/** What all nodes of one exported folder share. */
export class Volume {
  readonly root: Place;
  readonly handles: DirectoryHandles;
  /** As of every directory in it. */
  readonly staysWhileOpen: boolean;
  readonly locks = new LockTable();
  readonly #paths: QidPaths;
  readonly #recent: RecentAttributes;

  constructor(
    root: HostDirectory,
    options: {
      readonly rememberForMs: number;
      readonly maxDirectories: number;
      readonly qidPaths: QidPaths;
    },
  ) {
    const { rememberForMs, maxDirectories, qidPaths } = options;
    this.#paths = qidPaths;
    this.staysWhileOpen = root.staysWhileOpen;
    this.handles = new DirectoryHandles(maxDirectories, root.staysWhileOpen ? HELD_MS : Infinity);
    this.root = Place.root(root, this.handles);
    this.#recent = new RecentAttributes(rememberForMs);
    // The first device to be seen is the one whose inode numbers are kept.
    this.attributesOfDirectory(root);
  }

  /** Something is being changed. */
  changing(): void {
    this.#recent.forget();
  }

  /** Undefined when there is no such name in the directory. */
  find(directory: Place, name: string): Attributes | undefined {
    return this.#recent.get(directory, name) ?? this.look(directory, name);
  }

  /** As {@link find}, and certainly of now. */
  look(directory: Place, name: string): Attributes | undefined {
    const stats = directory.directory().lstat(name);
    if (!stats) return undefined;
    const attributes = attributesOfStats(stats, this.#paths);
    this.#recent.set(directory, name, attributes);
    return attributes;
  }

  /** Of what the place stands for now. A directory or file that is open is what it is, whatever has become of its name. */
  attributesOf(place: Place): Attributes {
    if (place.handle) return this.attributesOfDirectory(place.handle);
    const { nameless } = place;
    if (nameless) return this.attributesOfStats(nameless.stat());
    const { parent, name } = place.named();
    const attributes = this.find(parent, name);
    if (attributes) return attributes;
    // Another program has removed it.
    const { openFile } = place;
    if (!openFile) throw new FileError("ENOENT");
    return this.attributesOfStats(openFile.stat());
  }

  attributesOfDirectory(handle: HostDirectory): Attributes {
    return attributesOfStats(handle.stat(), this.#paths);
  }

  attributesOfStats(stats: HostStats): Attributes {
    return attributesOfStats(stats, this.#paths);
  }

  qidOf(stats: ListedStats): Qid {
    return qidOfStats(stats, this.#paths);
  }
}
