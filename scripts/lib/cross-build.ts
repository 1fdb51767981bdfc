import { readdirSync, readFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename, join, relative } from "node:path";
import { cacheFolder } from "./cache-folder.ts";
import { contentKey, ensureEntry } from "./content-cache.ts";
import type { Progress } from "./progress.ts";
import { requireTools } from "./require-tools.ts";
import { run } from "./run.ts";
import { ScriptError } from "./script-error.ts";

const ROOT = join(import.meta.dirname, "../..");
const TOOLCHAIN = join(ROOT, "native/toolchain-mingw64.cmake");

const TOOLS = {
  cmake: "cmake",
  make: "make",
  "x86_64-w64-mingw32-g++-posix": "g++-mingw-w64-x86-64-posix",
};

export interface CrossBuildSpec {
  /** Of its folders in build/ and in the cache. */
  readonly name: string;
  /** The folder with CMakeLists.txt. */
  readonly source: string;
  /** File names of what is kept. */
  readonly products: RegExp;
}

/** Builds a CMake project for Windows with mingw-w64 and returns the folder of its products, from the cache if it can. */
export async function crossBuild(
  { name, source, products }: CrossBuildSpec,
  signal: AbortSignal,
  progress: Progress,
): Promise<string> {
  const build = async (into: string): Promise<void> => {
    requireTools(TOOLS, `building ${name} for Windows`);
    progress.say(`${name}: building for Windows`);
    const tree = join(ROOT, "build", name);
    const define = `-DCMAKE_TOOLCHAIN_FILE=${TOOLCHAIN}`;
    await run("cmake", ["-S", source, "-B", tree, define], { signal, onLine: () => undefined });
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
  return await ensureEntry({ folder, key: sourceKey(source), build }, signal, progress);
}

/** Everything that decides what is built: the sources, the toolchain, and the packages with Node's headers. */
function sourceKey(source: string): string {
  const files = [...filesBelow(source), TOOLCHAIN].filter((file) => !file.endsWith(".d.ts")).sort();
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
