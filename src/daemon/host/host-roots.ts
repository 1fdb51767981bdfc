import type { HostRoot } from "../../distro/host-folders/wanted.ts";
import { fixedDrives } from "./windows/native/drives.ts";
import { loadKoffi } from "./windows/native/koffi.ts";

/**
 * The roots of this host's own file systems, as every distro has them below automount.root: `/` as `host`, on Windows
 * `C:\` as `c`. Looked at anew each time, since drives come and go. Raises `unavailable` where Windows cannot be asked.
 */
export function hostRoots(): readonly HostRoot[] {
  if (process.platform !== "win32") return [{ path: "/", name: "host" }];
  return fixedDrives(loadKoffi()).map((path) => ({ path, name: path.charAt(0).toLowerCase() }));
}
