import type { BootstrapFlavor } from "../../catalogue/lookup.ts";
import { queryAptTargets } from "./apt-targets.ts";
import { type BootstrapFlavorName, hostFlavors, pickHostSources } from "./host-sources.ts";

/** The flavours that this host's package sources offer; none where there is no apt. Never fails: it is for a list. */
export async function listBootstrapFlavors(signal: AbortSignal): Promise<BootstrapFlavor[]> {
  const targets = await queryAptTargets(signal).catch(() => []);
  const flavors: readonly BootstrapFlavorName[] = ["debian", "ubuntu"];
  return flavors.flatMap((flavor) => {
    try {
      const { suite } = pickHostSources(targets, flavor);
      return [
        { flavor, friendlyName: `${hostFlavors[flavor].title} (${suite}) from this host's package sources` },
      ];
    } catch {
      return [];
    }
  });
}
