import type { Registry } from "../registry.ts";
import type { SettingsStore } from "../settings.ts";
import type { HostFolderPolicy } from "./policy.ts";

/** What the guest may have, by the user's settings and by the folders chosen for any of the distros. */
export function hostFolderPolicy(
  settings: Pick<SettingsStore, "current">,
  registry: Pick<Registry, "all">,
): HostFolderPolicy {
  const chosen = registry.all.flatMap(({ hostFolders = [] }) =>
    hostFolders.map(({ source, readOnly }) => ({ path: source, readOnly })),
  );
  // One folder may be chosen twice: what one distro may write, another sees read-only by its own mount.
  const writable = new Set(chosen.filter(({ readOnly }) => !readOnly).map(({ path }) => path));
  return {
    access: settings.current.hostFolders,
    chosen: chosen.map(({ path }) => ({ path, readOnly: !writable.has(path) })),
  };
}
