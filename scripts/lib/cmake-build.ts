import { readdirSync, readFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename, join, relative } from "node:path";
import { cacheFolder } from "./cache-folder.ts";
import { contentKey, ensureEntry } from "./content-cache.ts";
import type { Progress } from "./progress.ts";
import { requireTools, type Tools } from "./require-tools.ts";
import { run } from "./run.ts";
import { ScriptError } from "./script-error.ts";

const ROOT = join(import.meta.dirname, "../..");

export interface CmakeBuildSpec {
  /** Of its folders in build/ and in the cache. */
  readonly name: string;
  /** The folder with CMakeLists.txt. */
  readonly source: string;
  /** File names of what is kept. */
  readonly products: RegExp;
}

export interface CmakeTarget {
  /** For whom it is built, as it is said to people. */
  readonly host: string;
  readonly tools: Tools;
  readonly definitions: readonly string[];
  /** Files outside the source folder that decide what is built. */
  readonly inputs: readonly string[];
}

/** Builds a CMake project and returns the folder of its products, from the cache if it can. */
export async function cmakeBuild(
  { name, source, products }: CmakeBuildSpec,
  target: CmakeTarget,
  signal: AbortSignal,
  progress: Progress,
): Promise<string> {
  const build = async (into: string): Promise<void> => {
    requireTools(target.tools, `building ${name} for ${target.host}`);
    progress.say(`${name}: building for ${target.host}`);
    const tree = join(ROOT, "build", name);
    const configure = ["-S", source, "-B", tree, ...target.definitions];
    await run("cmake", configure, { signal, onLine: () => undefined });
    await run("cmake", ["--build", tree, `-j${availableParallelism()}`], {
      signal,
      onLine: (line) => progress.update(`${name}: ${line}`),
    });
    progress.end();
    const built = filesBelow(tree).filter((file) => products.test(file));
    if (built.length === 0) {
      throw new ScriptError(`${name} built nothing that is wanted`, `look into ${tree}`);
    }
    for (const file of built) await copyFile(file, join(into, basename(file)));
  };
  const folder = join(cacheFolder(), name);
  return await ensureEntry({ folder, key: sourceKey(source, target), build }, signal, progress);
}

/** Everything that decides what is built: the sources, the inputs, and the packages with Node's headers. */
function sourceKey(source: string, { inputs }: CmakeTarget): string {
  const files = [...filesBelow(source), ...inputs].filter((file) => !file.endsWith(".d.ts")).sort();
  const headers = ["node-addon-api", "node-api-headers"].map((name) =>
    readFileSync(join(ROOT, "node_modules", name, "package.json"), "utf8"),
  );
  return contentKey(
    ...headers,
    ...files.flatMap((file) => [relative(source, file), readFileSync(file, "utf8")]),
  );
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("CMakeFiles"))
    .map((entry) => join(entry.parentPath, entry.name));
}
