import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Progress } from "./progress.ts";
import { run } from "./run.ts";
import { ScriptError } from "./script-error.ts";

export interface KernelPatch {
  name: string;
  path: string;
  text: string;
}

/** The patches in a folder, in the order in which they apply: that of their names. */
export function readPatches(folder: string): KernelPatch[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".patch"))
    .sort()
    .map((name) => {
      const path = join(folder, name);
      return { name, path, text: readFileSync(path, "utf8") };
    });
}

/**
 * Applies to a kernel tree what fits it, each patch whole or not at all, and returns the names of those that did. Later
 * kernels move what a patch changes; the VM works without, and docs/guest.md says what is lost.
 */
export async function applyPatches(
  tree: string,
  patches: readonly KernelPatch[],
  { signal, progress }: { signal: AbortSignal; progress: Progress },
): Promise<string[]> {
  const applied: string[] = [];
  for (const { name, path } of patches) {
    const args = ["--strip=1", "--forward", "--batch", "--fuzz=0", "--silent", `--input=${path}`];
    try {
      await run("patch", ["--dry-run", ...args], { signal, cwd: tree });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ScriptError)) throw error;
      progress.say(
        `kernel: ${name} does not fit this source and is left out; docs/guest.md says what is lost`,
      );
      continue;
    }
    await run("patch", args, { signal, cwd: tree });
    applied.push(name);
  }
  return applied;
}
