import { homedir } from "node:os";
import { foldersDirectory } from "../../base/files.ts";
import { guestPlaceOfLinux, hostPathOfLinux } from "./linux-path.ts";
import { usageError } from "./usage-error.ts";
import { type GuestPlace, guestPlaceOf, windowsPathOf } from "./windows-path.ts";

/** The host, as far as its paths go. */
export interface HostPaths {
  /** Where a distribution has what this host knows by an absolute path. Raises `invalid-argument` for what none can see. */
  toGuest(hostPath: string): GuestPlace;
  /** Where this host finds what a distribution has at an absolute path. */
  toHost(place: Required<GuestPlace>): string;
}

/** Translation alone: nothing is started or looked at, so the path need not exist. */
export function hostPaths(windows: boolean, env: NodeJS.ProcessEnv): HostPaths {
  if (windows) return { toGuest: windowsToGuest, toHost: windowsPathOf };
  const folders = foldersDirectory(env, env["HOME"] ?? homedir());
  return {
    toGuest: (path) => guestPlaceOfLinux(path, folders),
    toHost: (place) => hostPathOfLinux(place, folders),
  };
}

function windowsToGuest(path: string): GuestPlace {
  const place = guestPlaceOf(path);
  if (place !== undefined) return place;
  throw usageError(
    `no distribution can see '${path}'`,
    "Paths of drives and of \\\\tswsl$ can be translated, such as C:\\Users.",
  );
}
