import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { BootstrapPlan } from "./plan.ts";

const KEY_DIGITS = 16;

/** The finished archives of one plan family, such as `debian-bookworm-x64`; only the newest is kept. */
export interface CacheKey {
  readonly directory: string;
  readonly family: string;
  /** Changes with the plan and with the content of the host's package lists. */
  readonly digest: string;
}

export interface CachedArchive {
  readonly path: string;
  /** Bytes of the tar inside: Node does not notice a zstd file that is cut short. */
  readonly tarBytes: number;
}

/** The archives that replace each other: those of one release with the same additional packages. */
export function familyOf(release: readonly string[], include: readonly string[]): string {
  const digest = createHash("sha256").update(include.join(",")).digest("hex").slice(0, 8);
  return [...release, ...(include.length > 0 ? [`with-${digest}`] : [])].join("-");
}

/** Digest of everything that decides what an archive holds. Errors of the disk pass. */
export async function digestOf(plan: BootstrapPlan, lists: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([plan.args, plan.stdin]));
  for (const list of lists) {
    hash.update(`\n${list}\n`);
    await pipeline(createReadStream(list), hash, { end: false });
  }
  return hash.digest("hex").slice(0, KEY_DIGITS);
}

/** The archive of a key, if it has been made. */
export async function findCached({
  directory,
  family,
  digest,
}: CacheKey): Promise<CachedArchive | undefined> {
  const names = await readdir(directory).catch(() => []);
  for (const name of names) {
    const [, owner, key, bytes] = archiveName.exec(name) ?? [];
    if (owner === family && key === digest) return { path: join(directory, name), tarBytes: Number(bytes) };
  }
  return undefined;
}

const archiveName = /^(.+)-([0-9a-f]{16})\.(\d+)\.tar\.zst$/;

/** Where a finished archive belongs. */
export function cachedPath({ directory, family, digest }: CacheKey, tarBytes: number): string {
  return join(directory, `${family}-${digest}.${tarBytes}.tar.zst`);
}

/** Where this process writes an archive before it is whole. */
export function partPath({ directory, family, digest }: CacheKey): string {
  return join(directory, `${family}-${digest}.${process.pid}.part`);
}

/** Removes older archives of the family, and what dead processes left half written. Never fails. */
export async function pruneCache({ directory, family, digest }: CacheKey): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  const victims = names.filter((name) => {
    const [, owner, key] = archiveName.exec(name) ?? [];
    return (owner === family && key !== digest) || isOrphan(name);
  });
  await Promise.all(victims.map((name) => rm(join(directory, name), { force: true }).catch(() => undefined)));
}

function isOrphan(name: string): boolean {
  const match = /\.(\d+)\.part$/.exec(name);
  return match !== null && !isAlive(Number(match[1]));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
