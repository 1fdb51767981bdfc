import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { TswslError } from "../errors.ts";

/**
 * Loads NAME.node, which lies beside the executable, or beside the bundle where node.exe runs that. Raises
 * `unavailable` when it is missing or the host refuses it. The caller names the module's documented type.
 */
export function loadNativeAddon(name: "hcs" | "koffi" | "ntfs" | "vmp" | "winfsp"): unknown {
  const folders = [dirname(process.execPath), import.meta.dirname];
  const file = folders
    .map((folder) => join(folder, `${name}.node`))
    .find((candidate) => existsSync(candidate));
  if (file === undefined) {
    throw new TswslError("unavailable", `${name}.node is missing in ${folders[0]}`, { hint });
  }
  try {
    return createRequire(file)(file);
  } catch (cause) {
    throw new TswslError("unavailable", `${file} cannot be loaded: ${String(cause)}`, { cause, hint });
  }
}

const hint = "Install tswsl again: the files beside its program belong to it.";
