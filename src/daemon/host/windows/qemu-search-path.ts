import { join } from "node:path";
import type { Koffi } from "./native/koffi.ts";
import { registryText, roots } from "./native/registry.ts";

/** Where QEMU's installer for Windows notes its folder; it does not touch PATH. */
const QEMU_KEY = "SOFTWARE\\QEMU";

/** Folders to look for QEMU in: those of PATH, then where its installer says, then where it goes by default. */
export function qemuSearchPath(koffi: Koffi | undefined, env: NodeJS.ProcessEnv = process.env): string {
  const installed = koffi && registryText(koffi, roots.localMachine, QEMU_KEY, "Install_Dir");
  const usual = join(env["ProgramFiles"] ?? "C:\\Program Files", "qemu");
  return [env["PATH"], installed, usual].filter((folder) => folder !== undefined && folder !== "").join(";");
}
