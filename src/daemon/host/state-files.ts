import type { TswslPaths } from "../../base/files.ts";
import { Registry } from "../../distro/registry.ts";
import { SettingsStore } from "../../distro/settings.ts";
import type { Finding } from "../../protocol/host.ts";
import { inquire, type Fact } from "./fact.ts";
import { missing, ok } from "./findings.ts";

/** How many distros the registry has; unknown when a file of the daemon's state is damaged: it would not start. */
export async function inspectStateFiles(paths: TswslPaths): Promise<Fact<number>> {
  return inquire(async () => {
    const registry = await Registry.open(paths.registryFile);
    await SettingsStore.open(paths.settingsFile);
    return registry.all.length;
  });
}

export function stateFilesFinding(fact: Fact<number>, home: string): Finding {
  if ("unknown" in fact) return missing("state", fact.unknown, fact.hint ?? null);
  const count = fact.known === 1 ? "1 distribution" : `${fact.known} distributions`;
  return ok("state", `${home} is readable and has ${count}`);
}
