import type { HostRoot } from "../../distro/host-folders/wanted.ts";

/**
 * The roots of this host's own file systems, as every distro has them below automount.root: on Linux `/` as `host`. Windows
 * has none yet: its files cannot be served so far (docs/host-folders.md).
 */
export function hostRoots(): readonly HostRoot[] {
  return process.platform === "win32" ? [] : [{ path: "/", name: "host" }];
}
