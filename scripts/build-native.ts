/**
 * Builds what a Linux host needs in native code, winfsp.node, and puts it into dist. Windows' part is built by
 * scripts/windows/build-native.ts. `node scripts/build-native.ts`
 */
import { copyFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { cmakeBuild, type CmakeTarget } from "./lib/cmake-build.ts";
import type { Progress } from "./lib/progress.ts";
import { runAsScript } from "./lib/script-main.ts";

const ROOT = join(import.meta.dirname, "..");
const NAME = "winfsp.node";
/** Of libfuse: another version may have another interface. */
const HEADER = "/usr/include/fuse3/fuse_common.h";

const linux: CmakeTarget = {
  host: "Linux",
  tools: { cmake: "cmake", make: "make", "g++": "g++", [HEADER]: "libfuse3-dev" },
  definitions: [],
  inputs: [HEADER],
};

/** The addon's path; compiled only when no build of these sources is in the cache. */
export async function ensureLinuxAddon(signal: AbortSignal, progress: Progress): Promise<string> {
  const spec = { name: "native-linux", source: join(ROOT, "native"), products: /\.node$/ };
  return join(await cmakeBuild(spec, linux, signal, progress), NAME);
}

await runAsScript(import.meta.url, async (signal, progress) => {
  const addon = await ensureLinuxAddon(signal, progress);
  const target = join(ROOT, "dist", NAME);
  await mkdir(join(ROOT, "dist"), { recursive: true });
  // Anew, and not into the file that a running daemon has mapped.
  await rm(target, { force: true });
  await copyFile(addon, target);
  progress.say(`native: ${target}`);
});
