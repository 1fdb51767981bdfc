import type { ExportName } from "./export-name.ts";
import { isSameFolder } from "./folder-path.ts";

/** What of the host the guest may have at all. */
export interface HostFolderPolicy {
  /** Every folder of the host, for reading only, or none but those below. */
  readonly access: "read-write" | "read-only" | "none";
  /** Folders that the user has chosen, each with what the guest may do there. */
  readonly chosen: readonly ChosenFolder[];
}

interface ChosenFolder {
  /** Absolute, without links on the way to it. */
  readonly path: string;
  readonly readOnly: boolean;
}

/**
 * The folder as the guest gets it, or undefined for one that it may not have. A chosen folder is compared as a whole: what
 * lies below it is reached by walking, which follows no links; a path from the guest would.
 */
export function permitted(wanted: ExportName, { access, chosen }: HostFolderPolicy): ExportName | undefined {
  const folder = chosen.find(({ path }) => isSameFolder(path, wanted.path));
  if (folder) return { ...wanted, path: folder.path, readOnly: wanted.readOnly || folder.readOnly };
  if (access === "none") return undefined;
  return { ...wanted, readOnly: wanted.readOnly || access === "read-only" };
}
