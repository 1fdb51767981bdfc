import type { Lacks } from "../../../../conformance/file-system.ts";

/** What HostDisk does not do on any host, and what Windows cannot; see docs/files-9p.md. */
export const windowsLacks: Lacks = {
  xattrs: true,
  devices: true,
  setIds: true,
  nonUtf8Names: true,
  busyDirectories: true,
  openingRemoved: true,
};
