import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageVersion } from "./package-version.ts";

/**
 * Writes `manifest.json` into the folder: which files were built together, and for which version of tswsl. `tswsl
 * doctor` compares them, so that a copy that broke off or a mixture is found before a guest hangs over it.
 */
export function writeManifest(folder: string, names: readonly string[]): void {
  const version = packageVersion();
  const files = Object.fromEntries(
    names.map((name) => {
      const content = readFileSync(join(folder, name));
      const sha256 = createHash("sha256").update(content).digest("hex");
      return [name, { bytes: content.length, sha256 }];
    }),
  );
  const target = join(folder, "manifest.json");
  writeFileSync(`${target}.new`, `${JSON.stringify({ version, files }, null, 2)}\n`);
  renameSync(`${target}.new`, target);
}
