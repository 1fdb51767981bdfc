import type { Progress } from "../../protocol/daemon.ts";
import type { FilePlace } from "../../protocol/files.ts";
import type { FileNode } from "../../fs-9p/file-system.ts";
import { nameFromText } from "../../fs-9p/names.ts";
import type { DistroFiles } from "./distro-files.ts";

/** A place in a file system that answers. */
export interface OpenPlace {
  /** Which file system: the same for two places of one. */
  readonly key: string;
  readonly root: FileNode;
  /** From the root, a byte string, as it was typed: with links, dots and slashes. */
  readonly path: string;
  /** For messages, a byte string as well: `debian:/etc`. */
  readonly shown: string;
  /** Whether owners can be given there. */
  readonly keepOwner: boolean;
  /** Fires when the file system is gone; its reason says why. */
  readonly signal: AbortSignal;
  readonly release: () => void;
}

export interface OpenCall {
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/** Opens what `path` is on this host. */
export type OpenHost = (path: string) => Promise<Omit<OpenPlace, "shown" | "signal">>;

/** Opens places of this host and of distros alike. */
export interface Places {
  /** Raises what opening the distro's files raises, and FileError for the host's. */
  open(place: FilePlace, user: string | undefined, call: OpenCall): Promise<OpenPlace>;
}

/** The places there are. */
export class PlaceOpener implements Places {
  readonly #files: Pick<DistroFiles, "open">;
  readonly #openHost: OpenHost;

  constructor(files: Pick<DistroFiles, "open">, openHost: OpenHost) {
    this.#files = files;
    this.#openHost = openHost;
  }

  async open(place: FilePlace, user: string | undefined, call: OpenCall): Promise<OpenPlace> {
    if (place.in === "host") {
      const opened = await this.#openHost(place.path);
      const { signal } = new AbortController();
      return { ...opened, shown: nameFromText(place.path), signal };
    }
    const opened = await this.#files.open(place.distro, { user, report: call.report }, call.signal);
    const { record, account, root, signal, release } = opened;
    const path = place.path.startsWith("/") ? place.path : `${account.home}/${place.path}`;
    return {
      key: record.id,
      root,
      path: nameFromText(path),
      shown: nameFromText(`${record.name}:${place.path}`),
      keepOwner: account.uid === 0,
      signal,
      release,
    };
  }
}
