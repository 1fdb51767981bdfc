// Fetches koffi's native module for Windows: node scripts/windows/koffi-for-windows.ts
import { Progress } from "../lib/progress.ts";
import { interruptSignal, runAsScript } from "../lib/script-main.ts";
import { ensureNpmFile, pinnedVersion } from "./npm-file.ts";

const NAME = "@koromix/koffi-win32-x64";

/** The path of koffi.node, which lies beside tswsl.exe; see docs/dependencies.md. */
export async function ensureKoffiForWindows(
  signal: AbortSignal = interruptSignal(),
  progress: Progress = new Progress(),
): Promise<string> {
  const file = { packageName: NAME, version: pinnedVersion(NAME), file: "win32_x64/koffi.node" };
  return ensureNpmFile(file, signal, progress);
}

await runAsScript(import.meta.url, async (signal, progress) => {
  progress.say(`koffi for windows: ${await ensureKoffiForWindows(signal, progress)}`);
});
