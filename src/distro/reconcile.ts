import type { Logger } from "../base/log.ts";
import { timeouts } from "../base/timeouts.ts";
import type { Registry } from "./registry.ts";
import type { RunningVm } from "./utility-vm.ts";

/**
 * Brings store and registry to agree after a start of the VM, before anything else uses it: an unregistration that
 * was interrupted is finished, an installation that was never registered is undone. A registered distro that is not in
 * the store is kept: the answer says what is wrong with it, by id.
 */
export async function reconcile(
  vm: RunningVm,
  registry: Registry,
  log: Logger,
): Promise<ReadonlyMap<string, string>> {
  const signal = AbortSignal.timeout(timeouts.storeCall);
  const remove = (distro: string): Promise<unknown> => vm.agent.call("distro.delete", { distro }, { signal });
  const known = new Set(registry.all.map((record) => record.id));
  for (const id of vm.storedDistros.filter((stored) => !known.has(stored))) {
    log.warn("removing a distro that was never registered", { id });
    await remove(id);
  }
  for (const record of registry.all.filter((candidate) => candidate.removing)) {
    log.warn("finishing an interrupted unregistration", { name: record.name });
    await remove(record.id);
    await registry.remove(record.id);
  }
  const stored = new Set(vm.storedDistros);
  const missing = registry.all.filter((record) => !stored.has(record.id));
  for (const record of missing)
    log.warn("a distro's files are missing from the store", { name: record.name });
  return new Map(missing.map((record) => [record.id, "its files are missing from the store"]));
}
