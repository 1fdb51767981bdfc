// Builds the guest agent, and with --test its tests and fuzzer: node scripts/build-agent.ts [--test]; see docs/agent.md.
import { copyFileSync, readdirSync, readFileSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { cacheFolder } from "./lib/cache-folder.ts";
import { contentKey, ensureEntry } from "./lib/content-cache.ts";
import { Progress } from "./lib/progress.ts";
import { requireTools } from "./lib/require-tools.ts";
import { run } from "./lib/run.ts";
import { ScriptError } from "./lib/script-error.ts";
import { interruptSignal, runAsScript } from "./lib/script-main.ts";

const ROOT = join(import.meta.dirname, "..");
const SOURCE = join(ROOT, "guest/agent");
const BUILD = join(ROOT, "build/agent");
const NAME = "tswsl-agent";
/** The initramfs is this program, and every boot unpacks it. */
const MAX_BYTES = 3_000_000;

const TOOLS = {
  cmake: "cmake",
  make: "make",
  "g++": "g++",
  "/usr/include/nlohmann/json.hpp": "nlohmann-json3-dev",
};

interface Target {
  readonly name: string;
  readonly definitions: readonly string[];
}

/** The static agent's path; compiled only when no build of these sources is in the cache. */
export async function ensureAgent(
  signal: AbortSignal = interruptSignal(),
  progress: Progress = new Progress(),
): Promise<string> {
  const folder = join(cacheFolder(), "agent");
  const build = async (into: string): Promise<void> => {
    await compile({ name: NAME, definitions: ["-DTSWSL_AGENT_TESTS=OFF"] }, signal, progress);
    const built = join(BUILD, NAME);
    const { size } = statSync(built);
    if (size > MAX_BYTES) {
      throw new ScriptError(
        `the agent has ${size} bytes, more than the ${MAX_BYTES} that an initramfs should hold`,
        "find what has grown: nm --size-sort on an unstripped build",
      );
    }
    copyFileSync(built, join(into, NAME));
  };
  return join(await ensureEntry({ folder, key: sourceKey(), build }, signal, progress), NAME);
}

/** Builds and runs the agent's unit and integration tests and its seeded fuzzer, all under sanitizers. */
async function testAgent(
  signal: AbortSignal = interruptSignal(),
  progress: Progress = new Progress(),
): Promise<void> {
  await compile({ name: "all", definitions: ["-DTSWSL_AGENT_TESTS=ON"] }, signal, progress);
  for (const program of ["agent-tests", "agent-fuzz-smoke"]) {
    await run(join(BUILD, program), [], { signal, onLine: (line) => progress.say(line) });
  }
}

async function compile(target: Target, signal: AbortSignal, progress: Progress): Promise<void> {
  requireTools(TOOLS, "building the agent");
  progress.say(`agent: building ${target.name}, which takes a few minutes the first time`);
  await run("cmake", ["-S", SOURCE, "-B", BUILD, ...target.definitions], { signal, onLine: () => undefined });
  const jobs = `-j${availableParallelism()}`;
  await run("cmake", ["--build", BUILD, "--target", target.name, jobs], {
    signal,
    onLine: (line) => progress.update(`agent: ${line}`),
  });
  progress.end();
}

/** Everything that decides what the program is: the sources and the build description, names and contents. */
function sourceKey(): string {
  const sources = readdirSync(join(SOURCE, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const files = [join(SOURCE, "CMakeLists.txt"), ...sources.sort()];
  return contentKey(...files.flatMap((file) => [relative(SOURCE, file), readFileSync(file, "utf8")]));
}

await runAsScript(import.meta.url, async (signal, progress) => {
  if (process.argv.includes("--test")) await testAgent(signal, progress);
  const agent = await ensureAgent(signal, progress);
  progress.say(`agent: ${agent}`);
});
