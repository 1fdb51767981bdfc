import { mkdir, readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { throwIfAborted } from "../../base/deadline.ts";
import { isTswslError, TswslError } from "../../base/errors.ts";
import type { DistroSource, OpenedArchive, ReportProgress } from "./distro-source.ts";
import { fetchInto } from "./fetch-into.ts";
import { FileSource } from "./file.ts";
import { fileError } from "./file-error.ts";
import { PartFile } from "./part-file.ts";

/** Whole images that are kept for the next installation, the last used ones. */
const KEPT_IMAGES = 3;
/** A download that nobody has taken up again for so long is given up. */
const PART_LIFETIME_MS = 14 * 24 * 3600 * 1000;

export interface PinnedImage {
  /** http, https or file. */
  readonly url: string;
  /** 64 lower-case hex digits. */
  readonly sha256: string;
  readonly name: string;
}

export interface DownloadsParts {
  /** Holds `<sha256>` (whole), `<sha256>.part` and `<sha256>.etag`. */
  readonly directory: string;
  readonly fetch: typeof fetch;
}

/** The images fetched from the network, named by their hash. One object owns the directory. */
export class Downloads {
  readonly #parts: DownloadsParts;
  readonly #active = new Set<string>();

  constructor(parts: DownloadsParts) {
    this.#parts = parts;
  }

  /**
   * An image of the catalogue. `open` fetches what is not here yet, and gives nothing whose SHA-256 differs: it
   * raises `protocol` then, and the wrong file is deleted. See {@link fetchInto} for the network's errors.
   */
  source(image: PinnedImage): DistroSource {
    if (/^file:/i.test(image.url)) {
      return new FileSource({
        path: fileURLToPath(image.url),
        sha256: image.sha256,
        defaultName: image.name,
      });
    }
    let file: FileSource | undefined;
    let closed = false;
    return {
      describe: image.url,
      defaultName: image.name,
      open: async (signal, report) => {
        this.#claim(image);
        try {
          file = await this.#fetched(image, signal, report);
          return await openUnless(file, () => closed, { signal, report });
        } finally {
          this.#active.delete(image.sha256);
        }
      },
      close: async () => {
        closed = true;
        await file?.close();
      },
    };
  }

  #claim({ sha256, name }: PinnedImage): void {
    if (this.#active.has(sha256)) {
      throw new TswslError("invalid-state", `the image of '${name}' is being downloaded already`, {
        hint: "Wait for the other installation, then try again.",
      });
    }
    this.#active.add(sha256);
  }

  /** The whole, verified file. */
  async #fetched(image: PinnedImage, signal: AbortSignal, report: ReportProgress): Promise<FileSource> {
    const { directory } = this.#parts;
    const final = join(directory, image.sha256);
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      if (!(await isWhole(final, image, signal, report)))
        await this.#download(final, image, { signal, report });
      const now = new Date();
      await utimes(final, now, now);
      await this.#prune(image.sha256);
    } catch (error) {
      throw fileError(error, `the download of ${image.url}`);
    }
    return new FileSource({ path: final, defaultName: image.name });
  }

  async #download(
    final: string,
    image: PinnedImage,
    call: { signal: AbortSignal; report: ReportProgress },
  ): Promise<void> {
    const part = await PartFile.open(final, call.signal, call.report);
    try {
      const isResumed = part.size > 0;
      const fetching = { ...this.#parts, ...call, part, url: image.url };
      if (part.sha256 !== image.sha256) await fetchInto(fetching);
      if (part.sha256 !== image.sha256 && isResumed) {
        // What an earlier run left may be damaged; that is no proof against the server.
        await part.reset();
        await fetchInto(fetching);
      }
      if (part.sha256 !== image.sha256) throw await rejected(part, image);
      await part.finish();
    } finally {
      await part.keep();
    }
  }

  /** Deletes the least recently used images, and parts that nobody will finish. Never fails. */
  async #prune(current: string): Promise<void> {
    const { directory } = this.#parts;
    const names = await readdir(directory).catch(() => []);
    const ages = await Promise.all(
      names.map(async (name) => ({ name, time: await modified(join(directory, name)) })),
    );
    const idle = ages.filter(({ name }) => !this.#active.has(name.slice(0, current.length)));
    const images = idle
      .filter(({ name }) => !name.includes("."))
      .sort((left, right) => right.time - left.time);
    const stale = idle.filter(({ name, time }) => name.includes(".") && Date.now() - time > PART_LIFETIME_MS);
    // The current image is active, hence not among the idle ones.
    const victims = [...images.slice(KEPT_IMAGES - 1), ...stale];
    await Promise.all(
      victims.map(({ name }) => rm(join(directory, name), { force: true }).catch(() => undefined)),
    );
  }
}

async function openUnless(
  file: FileSource,
  isClosed: () => boolean,
  { signal, report }: { signal: AbortSignal; report: ReportProgress },
): Promise<OpenedArchive> {
  throwIfAborted(signal);
  const opened = await file.open(signal, report);
  if (!isClosed()) return opened;
  await file.close();
  throw new TswslError("cancelled", `${file.describe} was closed while it was opened`);
}

/** True for a file that is here and right; a wrong one is deleted. */
async function isWhole(
  path: string,
  { sha256 }: PinnedImage,
  signal: AbortSignal,
  report: ReportProgress,
): Promise<boolean> {
  const file = new FileSource({ path, sha256 });
  try {
    await file.open(signal, report);
    return true;
  } catch (error) {
    if (isTswslError(error, "not-found")) return false;
    if (!isTswslError(error, "invalid-argument")) throw error;
    await rm(path, { force: true, recursive: true });
    return false;
  } finally {
    await file.close();
  }
}

async function rejected(part: PartFile, { url, sha256 }: PinnedImage): Promise<TswslError> {
  const actual = part.sha256;
  await part.discard();
  return new TswslError("protocol", `${url} has SHA-256 ${actual}, but the catalogue says ${sha256}`, {
    hint: "The image was replaced after the catalogue was read, or changed on the way. It has been deleted; try again later.",
    details: { actual, expected: sha256 },
  });
}

async function modified(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
