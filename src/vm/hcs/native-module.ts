import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { TswslError } from "../../base/errors.ts";

/**
 * Loads an addon: `hcs.node`, `vmp.node`. It lies beside the program (tswsl.exe), or beside the bundle that node.exe was
 * told to run. Nowhere else is looked: a library from a folder that others may write to would run as us. Raises
 * `unavailable`.
 */
export function loadNativeModule(name: string): unknown {
  const folders = [process.execPath, process.argv[1]].flatMap((path) => (path ? [dirname(path)] : []));
  const path = folders.map((folder) => join(folder, name)).find((candidate) => existsSync(candidate));
  if (path === undefined) {
    throw new TswslError("unavailable", `${name} is not in ${folders.join(" nor in ")}`, {
      hint: "A part of the program is missing: install tswsl again.",
    });
  }
  try {
    return createRequire(path)(path);
  } catch (cause) {
    throw new TswslError("unavailable", `${path} cannot be loaded: ${String(cause)}`, {
      cause,
      hint: "The file is damaged or of another version: install tswsl again.",
    });
  }
}
