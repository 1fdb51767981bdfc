import type { HostReport, PlatformFeature } from "../../../protocol/host.ts";
import { buildOf, mayUseCompute, OLDEST_BUILD } from "./choose-compute-service.ts";
import type { WindowsFacts } from "./facts.ts";

/** Which optional features `install --no-distribution` would switch on, and whether one waits for a restart. Pure. */
export function featuresToEnable(facts: WindowsFacts): HostReport["features"] {
  const { features } = facts;
  const wanted = [
    ...(isOff(facts, "VirtualMachinePlatform") ? (["VirtualMachinePlatform"] as const) : []),
    ...(needsWhpx(facts) && isOff(facts, "HypervisorPlatform") ? (["HypervisorPlatform"] as const) : []),
  ];
  const restart = "known" in features && Object.values(features.known).includes("pending");
  return { enable: wanted, restart };
}

/** QEMU is there, and HCS has an obstacle that no feature cures. */
function needsWhpx(facts: WindowsFacts): boolean {
  return "known" in facts.qemu && (buildOf(facts.release) < OLDEST_BUILD || !mayUseCompute(facts));
}

/** What DISM tells only to administrators can be seen by what the feature brings. */
function isOff({ features, services, hypervisorPlatform }: WindowsFacts, feature: PlatformFeature): boolean {
  if ("known" in features) return features.known[feature] === "off";
  if (feature === "HypervisorPlatform") {
    return "known" in hypervisorPlatform && hypervisorPlatform.known === "absent";
  }
  return "known" in services.vmcompute && services.vmcompute.known.state === "absent";
}
