import { timeouts } from "../../../base/timeouts.ts";
import { capture } from "./capture.ts";

/** How the host's apt reaches its mirrors. mmdebstrap does not read the host's apt configuration by itself. */
export interface AptProxy {
  /** For programs that run on the host. */
  readonly env: Readonly<Record<string, string>>;
  /** Options that the distro's own apt keeps. */
  readonly options: readonly string[];
  readonly warnings: readonly string[];
}

/** Asks apt-config(8). Raises `unavailable` where there is no apt. */
export async function queryAptProxy(signal: AbortSignal): Promise<AptProxy> {
  const query = [
    "apt-config",
    "shell",
    "http",
    "Acquire::http::Proxy",
    "https",
    "Acquire::https::Proxy",
  ] as const;
  return parseAptProxy(await capture(query, { ms: timeouts.aptQuery, signal }));
}

/** Reads `http='http://proxy:3128/'` lines; `DIRECT` and what is no URL are no proxy. */
export function parseAptProxy(answer: string): AptProxy {
  const found = answer.split("\n").flatMap((line) => {
    const [, scheme, url] = /^(https?)='([^'"\s]+)'$/.exec(line.trim()) ?? [];
    return scheme && url && URL.canParse(url) ? [{ scheme, url, host: new URL(url).hostname }] : [];
  });
  const isLocal = (host: string): boolean => /^(localhost|127\.|\[::1\])/.test(host);
  return {
    env: Object.fromEntries(found.map(({ scheme, url }) => [`${scheme}_proxy`, url])),
    options: found
      .filter(({ host }) => !isLocal(host))
      .map(({ scheme, url }) => `Acquire::${scheme}::Proxy "${url}";`),
    warnings: found
      .filter(({ host }) => isLocal(host))
      .map(({ url }) => `apt's proxy ${url} is on this host: the distribution goes to its mirrors directly`),
  };
}
