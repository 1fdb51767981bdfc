import { parse } from "node:path";
import { HostDisk } from "../../fs-9p/host-disk/file-system.ts";
import { nameFromText } from "../../fs-9p/names.ts";
import type { OpenPlace } from "./open-place.ts";

/**
 * Of files of Windows: modes and owners that a distribution's files had are kept, so that they have them again when they come
 * back; files without are for their owner to write.
 */
const drvfs = { metadata: true, umask: 0o022 };

/** No uid: the host's files are reached as whoever runs the daemon. */
const NO_UID = 0xffff_ffff;

/** A place on this host, by its absolute path. Raises FileError for a drive that is not there. */
export async function openHostPlace(path: string): Promise<Omit<OpenPlace, "shown" | "signal">> {
  const { root: top } = parse(path);
  const disk = new HostDisk(top, { drvfs });
  const root = disk.attach({ user: "", uid: NO_UID, path: "" });
  const below = process.platform === "win32" ? path.slice(top.length).replaceAll("\\", "/") : path;
  return {
    // Each drive is a file system.
    key: `host ${top.toLowerCase()}`,
    root,
    path: nameFromText(`/${below}`),
    keepOwner: process.getuid?.() === 0,
    release: () => {
      void root.close();
      disk.close();
    },
  };
}
