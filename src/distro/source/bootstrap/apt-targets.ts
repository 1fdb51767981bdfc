import { timeouts } from "../../../base/timeouts.ts";
import { capture } from "./capture.ts";

/** One package list that the host's apt knows (apt-get(8), indextargets). */
export interface AptTarget {
  /** Who made the repository, such as `Debian`; known once its list has been fetched. */
  readonly origin: string;
  readonly codename: string;
  readonly uri: string;
  /** As in sources.list: `bookworm-updates`, `stable`. */
  readonly release: string;
  readonly component: string;
  /** The list on this host. */
  readonly file: string;
}

const fields = ["ORIGIN", "CODENAME", "REPO_URI", "RELEASE", "COMPONENT", "FILENAME"] as const;

/** Asks the host's apt for its package lists. Raises `unavailable` where there is no apt. */
export async function queryAptTargets(signal: AbortSignal): Promise<AptTarget[]> {
  const format = fields.map((field) => `$(${field})`).join("|");
  const answer = await capture(["apt-get", "indextargets", "--format", format, "Created-By: Packages"], {
    ms: timeouts.aptQuery,
    signal,
  });
  return parseAptTargets(answer);
}

/** Reads what {@link queryAptTargets} asked for; lines of another form are left out. */
export function parseAptTargets(answer: string): AptTarget[] {
  return answer.split("\n").flatMap((line) => {
    const [origin, codename, uri, release, component, file, ...more] = line.split("|");
    const isWhole = origin && codename && uri && release && component && file && more.length === 0;
    return isWhole ? [{ origin, codename, uri, release, component, file }] : [];
  });
}
