import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** The folder of everything built once and kept: kernels, system images, downloaded packages. */
export function cacheFolder(): string {
  const own = process.env["TSWSL_CACHE"];
  if (own) return resolve(own);
  return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "tswsl");
}
