import type { TswslPaths } from "../../base/files.ts";

/** What of this host belongs to tswsl. */
export interface HostPlace {
  readonly paths: TswslPaths;
  /** Where the kernel and the system image lie. */
  readonly guest: string;
}
