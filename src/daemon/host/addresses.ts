import { networkInterfaces } from "node:os";
import { formatSubnet } from "../../base/ipv4.ts";
import { addressPlan } from "../../net/address-plan.ts";
import type { Finding } from "../../protocol/host.ts";
import { inquire, type Fact } from "./fact.ts";
import { missing, ok } from "./findings.ts";

/** The networks that the next start would use on this host: of the VM, and of the distros. */
export async function inspectAddresses(): Promise<Fact<readonly string[]>> {
  return inquire(() => {
    const host = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    const { network, bridge } = addressPlan(host);
    return [network, bridge].map(formatSubnet);
  });
}

export function addressesFinding(fact: Fact<readonly string[]>): Finding {
  if ("unknown" in fact) return missing("addresses", fact.unknown, fact.hint ?? null);
  return ok("addresses", `${fact.known.join(" and ")} clash with none of the host's networks`);
}
