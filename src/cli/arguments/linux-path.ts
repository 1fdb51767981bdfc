import { posix } from "node:path";
import type { GuestPlace } from "./windows-path.ts";

/** Where a Linux host's files are in a distribution. */
const HOST = "/mnt/host";

/**
 * Where a distribution has what a Linux host knows by this absolute path, with the distributions' own files in `folders`:
 * /etc as /mnt/host/etc, ~/tswsl/debian/etc as /etc of debian.
 */
export function guestPlaceOfLinux(hostPath: string, folders: string): GuestPlace {
  const path = posix.normalize(hostPath).replace(/(?<=.)\/+$/, "");
  const [distro, ...below] = path.startsWith(`${folders}/`) ? path.slice(folders.length + 1).split("/") : [];
  if (distro !== undefined) return { distro, path: `/${below.join("/")}` };
  return { path: path === "/" ? HOST : `${HOST}${path}` };
}

/** Where a Linux host finds what a distribution has at this absolute path: the other way round. */
export function hostPathOfLinux({ distro, path }: Required<GuestPlace>, folders: string): string {
  const plain = posix.normalize(path).replace(/(?<=.)\/+$/, "");
  if (plain === HOST) return "/";
  if (plain.startsWith(`${HOST}/`)) return plain.slice(HOST.length);
  return posix.join(folders, distro, plain === "/" ? "" : plain);
}
