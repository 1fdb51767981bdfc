/**
 * Cross-builds what Windows needs in native code (addons such as hcs.node, programs of native/service) and puts
 * it into dist/windows. `node scripts/windows/build-native.ts`
 */
import { copyFile, mkdir, rm } from "node:fs/promises";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { crossBuild } from "../lib/cross-build.ts";
import type { Progress } from "../lib/progress.ts";
import { runAsScript } from "../lib/script-main.ts";

const root = join(import.meta.dirname, "../..");

/** The folder with everything that native/ makes; built only when no build of these sources is in the cache. */
export async function ensureNative(signal: AbortSignal, progress: Progress): Promise<string> {
  return await crossBuild(
    { name: "native", source: join(root, "native"), products: /\.(node|exe)$/ },
    signal,
    progress,
  );
}

/** Puts them beside tswsl.exe. */
export async function placeNative(signal: AbortSignal, progress: Progress): Promise<void> {
  const built = await ensureNative(signal, progress);
  const target = join(root, "dist/windows");
  await mkdir(target, { recursive: true });
  for (const name of readdirSync(built)) {
    await rm(join(target, name), { force: true });
    await copyFile(join(built, name), join(target, name));
  }
  progress.say(`native: ${readdirSync(built).join(", ")} in dist/windows`);
}

await runAsScript(import.meta.url, placeNative);
