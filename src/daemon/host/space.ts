import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { Finding } from "../../protocol/host.ts";
import type { Fact } from "./fact.ts";
import { missing, ok, warning } from "./findings.ts";

/** A small distro, its download and the saved VM. */
const COMFORTABLE_BYTES = 5 * 1024 ** 3;
/** Below this an installation gives up before it begins, see distro/space-watch.ts. */
const NEEDED_BYTES = 1024 ** 3;

export interface SpaceFact {
  readonly path: string;
  readonly free: Fact<number>;
}

/** Bytes that this user may still write below a path, which need not exist yet. */
export async function freeBytes(path: string): Promise<number> {
  for (let place = path; ; place = dirname(place)) {
    try {
      const { bavail, bsize } = await statfs(place);
      return bavail * bsize;
    } catch (error) {
      // fs/promises rejects with system errors only.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(place) === place) throw error;
    }
  }
}

export function spaceFinding({ path, free }: SpaceFact, remedy: string): Finding {
  if ("unknown" in free)
    return warning("space", `the space at ${path} cannot be told: ${free.unknown}`, null);
  const gibibytes = (free.known / 1024 ** 3).toFixed(1);
  const what = `${gibibytes} GiB are free for ${path}`;
  if (free.known < NEEDED_BYTES) return missing("space", what, remedy);
  if (free.known < COMFORTABLE_BYTES) return warning("space", what, remedy);
  return ok("space", what);
}
