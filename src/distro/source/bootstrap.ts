import { createWriteStream, rmSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createZstdCompress } from "node:zlib";
import { throwIfAborted } from "../../base/deadline.ts";
import { isTswslError } from "../../base/errors.ts";
import { queryAptProxy } from "./bootstrap/apt-proxy.ts";
import { queryAptTargets } from "./bootstrap/apt-targets.ts";
import { mmdebstrapMissing } from "./bootstrap/bootstrap-error.ts";
import {
  cachedPath,
  type CachedArchive,
  type CacheKey,
  digestOf,
  familyOf,
  findCached,
  partPath,
  pruneCache,
} from "./bootstrap/cache.ts";
import { bootstrapFlavor, pickHostSources } from "./bootstrap/host-sources.ts";
import { chooseMode, findProgram, modeFacts } from "./bootstrap/mode.ts";
import { phaseOf } from "./bootstrap/phases.ts";
import { type BootstrapPlan, planBootstrap } from "./bootstrap/plan.ts";
import { runMmdebstrap } from "./bootstrap/run-mmdebstrap.ts";
import { makeTemporaryTree, removeTemporaryTree } from "./bootstrap/temporary-tree.ts";
import { decompressOnHost } from "./decompress.ts";
import type { DistroSource, OpenedArchive, ReportProgress } from "./distro-source.ts";
import { FileSource } from "./file.ts";
import { fileError } from "./file-error.ts";

export interface BootstrapRequest {
  /** `debian` or `ubuntu`. */
  readonly flavor: string;
  /** A release; the host's own when absent. */
  readonly suite?: string | undefined;
  /** Names of packages beside the usual ones. */
  readonly include?: readonly string[] | undefined;
  /** The directory where finished archives are kept; made when it is not there. */
  readonly cache: string;
}

interface Call {
  readonly signal: AbortSignal;
  readonly report: ReportProgress;
}

interface Prepared {
  readonly plan: BootstrapPlan;
  readonly env: NodeJS.ProcessEnv;
  readonly key: CacheKey;
}

/**
 * A Debian or Ubuntu made by mmdebstrap from the host's own apt sources and keys, kept for the next time. Raises
 * `unsupported` on a host of another family, `unavailable` when mmdebstrap is missing or fails.
 */
export class BootstrapSource implements DistroSource {
  readonly describe: string;
  readonly defaultName: string;
  readonly #request: BootstrapRequest;
  #file: FileSource | undefined;

  constructor(request: BootstrapRequest) {
    this.#request = request;
    this.defaultName = bootstrapFlavor(request.flavor);
    this.describe = `${this.defaultName} made from this host's package sources`;
  }

  readonly open = async (signal: AbortSignal, report: ReportProgress): Promise<OpenedArchive> => {
    throwIfAborted(signal);
    const prepared = await this.#prepare({ signal, report });
    const cached = (await findCached(prepared.key)) ?? (await this.#make(prepared, { signal, report }));
    await pruneCache(prepared.key);
    return this.#serve(cached, { signal, report });
  };

  readonly close = async (): Promise<void> => {
    await this.#file?.close();
  };

  async #prepare({ signal, report }: Call): Promise<Prepared> {
    if (!(await findProgram("mmdebstrap"))) throw mmdebstrapMissing();
    const flavor = bootstrapFlavor(this.#request.flavor);
    const [targets, proxy] = await Promise.all([queryAptTargets(signal), queryAptProxy(signal)]);
    const sources = pickHostSources(targets, flavor, this.#request.suite);
    for (const warning of [...sources.warnings, ...proxy.warnings]) report({ phase: "Preparing", warning });
    const include = this.#request.include?.toSorted() ?? [];
    const plan = planBootstrap({ flavor, sources, proxy, include, mode: chooseMode(await modeFacts()) });
    const key = {
      directory: this.#request.cache,
      family: familyOf([flavor, sources.suite, process.arch], include),
      digest: await digestOf(plan, sources.lists),
    };
    return { plan, key, env: { ...process.env, ...proxy.env } };
  }

  async #make({ plan, env, key }: Prepared, { signal, report }: Call): Promise<CachedArchive> {
    const part = partPath(key);
    const counter = new ByteCounter();
    const directory = await makeTemporaryTree();
    try {
      await mkdir(key.directory, { recursive: true });
      await runMmdebstrap({
        command: await isolated(["mmdebstrap", ...plan.args]),
        stdin: plan.stdin,
        env: {
          ...env,
          LC_ALL: "C",
          TMPDIR: directory,
          PATH: `${env["PATH"] ?? ""}:/usr/local/sbin:/usr/sbin:/sbin`,
        },
        sink: (stdout) => compressInto(stdout, counter, part),
        onLine: (line) => {
          const phase = phaseOf(line);
          if (phase !== undefined) report({ phase });
        },
        signal,
      });
      const path = cachedPath(key, counter.bytes);
      await rename(part, path);
      return { path, tarBytes: counter.bytes };
    } catch (error) {
      throw fileError(error, `the archive ${part}`);
    } finally {
      await rm(part, { force: true });
      await removeTemporaryTree(directory);
    }
  }

  async #serve({ path, tarBytes }: CachedArchive, { signal, report }: Call): Promise<OpenedArchive> {
    this.#file = new FileSource({ path });
    try {
      const archive = decompressOnHost(await this.#file.open(signal, report), tarBytes);
      archive.stream.once("error", (error) => forgetDamaged(path, error));
      return archive;
    } catch (error) {
      forgetDamaged(path, error);
      throw error;
    }
  }
}

/** What the host's disk has damaged must not be in the way of the next attempt. */
function forgetDamaged(path: string, error: unknown): void {
  if (isTswslError(error, "invalid-argument")) rmSync(path, { force: true });
}

/** As root, its mounts are kept out of the host's tree: they end with it, however it ends. */
async function isolated(command: readonly [string, ...string[]]): Promise<readonly [string, ...string[]]> {
  const unshare = process.getuid?.() === 0 ? await findProgram("unshare") : undefined;
  return unshare === undefined ? command : [unshare, "--mount", "--propagation", "private", "--", ...command];
}

async function compressInto(stdout: Readable, counter: Transform, path: string): Promise<void> {
  // Level 1 keeps up with tar; the checksum finds what a disk has done to the file since.
  const params = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 };
  const file = createWriteStream(path, { mode: 0o600, flush: true });
  await pipeline(stdout, counter, createZstdCompress({ params }), file);
}

class ByteCounter extends Transform {
  bytes = 0;

  override _transform(chunk: Buffer, _: BufferEncoding, done: (error: null, chunk: Buffer) => void): void {
    this.bytes += chunk.length;
    done(null, chunk);
  }
}
