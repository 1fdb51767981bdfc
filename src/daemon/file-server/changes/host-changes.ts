import { type FileNode, type Observer, type Qid, ReplayScript } from "../../../fs-9p/index.ts";
import type { ReplayEvent } from "../../../protocol/guest.ts";
import { ChangeFeed } from "./change-feed.ts";
import { HostWatcher } from "./host-watcher.ts";
import { KnownFiles } from "./known-files.ts";
import { toldChange } from "./replay-events.ts";
import type { WatchedDisk } from "./watched-directory.ts";

/** While the guest walks about, that is told so often. */
const WALKED_MS = 500;

export interface HostChangesParts {
  /** See {@link HostWatcher}. */
  readonly disk: (asked: string) => WatchedDisk;
  /** To be replayed in the guest; then {@link HostChanges.replayed} is to be called. */
  readonly onChanges: (events: readonly ReplayEvent[]) => void;
  /** The guest has come to files: it may watch others than it did. */
  readonly onWalked: () => void;
}

/** What of the host's changes the guest is told, from what it is seen to do and what it is said to watch. */
export class HostChanges implements Observer {
  readonly script = new ReplayScript();
  readonly #known = new KnownFiles();
  readonly #watcher: HostWatcher;
  readonly #feed: ChangeFeed;
  readonly #onWalked: () => void;
  #walked: "no" | "told" | "again" = "no";

  constructor({ disk, onChanges, onWalked }: HostChangesParts) {
    const known = this.#known;
    this.#onWalked = onWalked;
    this.#feed = new ChangeFeed({
      script: this.script,
      send: onChanges,
      onDone: () => this.#watcher.next(),
    });
    this.#watcher = new HostWatcher({
      known,
      disk,
      onChanges: (changes) => this.#feed.tell(changes.flatMap((change) => toldChange(change, known) ?? [])),
    });
  }

  /** The guest watches these files and no others. */
  watch(files: readonly number[]): void {
    this.#watcher.watch(files);
  }

  replayed(told: boolean): void {
    this.#feed.acknowledged(told);
  }

  /** Nothing is watched any more, until it is asked for again. */
  stop(): void {
    this.#watcher.close();
    this.#feed.drop();
  }

  /** The guest has come to a folder that it has asked for under this name. */
  root({ qid }: FileNode, asked: string): void {
    this.#known.root(qid.path, asked);
    this.#tellWalked();
  }

  found(directory: number, name: string, file: Qid): void {
    this.#known.found(directory, name, file);
    this.#tellWalked();
  }

  leaving(directory: number, name: string): void {
    this.#watcher.release(directory, name);
  }

  changed(directory: number, name: string): void {
    this.#watcher.absorb(directory, name);
  }

  touched(file: number): void {
    const place = this.#known.nameOf(file);
    if (place) this.#watcher.absorb(place.directory, place.name);
  }

  #tellWalked(): void {
    if (this.#walked !== "no") {
      this.#walked = "again";
      return;
    }
    this.#walked = "told";
    this.#onWalked();
    setTimeout(() => {
      const again = this.#walked === "again";
      this.#walked = "no";
      if (again) this.#tellWalked();
    }, WALKED_MS).unref();
  }
}
