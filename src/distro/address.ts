import { formatIpv4, parseIpv4 } from "../base/ipv4.ts";
import { allocateAddress, isDistroAddress, type AddressPlan } from "../net/address-plan.ts";
import type { DistroRecord, Registry } from "./registry.ts";

/**
 * The distro's own address on the VM's bridge: the remembered one, or the lowest that is free when it has none yet or
 * when the host's networks have moved ours elsewhere.
 */
export async function addressOf(
  record: DistroRecord,
  registry: Registry,
  plan: AddressPlan,
): Promise<string> {
  if (isUsable(record.address, plan)) return record.address;
  const { address } = await registry.update(record.id, (_, all) => ({ address: freeAddress(all, plan) }));
  // The update above has just set it.
  return address as string;
}

function isUsable(address: string | null, plan: AddressPlan): address is string {
  return address !== null && isDistroAddress(plan.bridge, parseIpv4(address));
}

function freeAddress(all: readonly DistroRecord[], plan: AddressPlan): string {
  const used = all.flatMap(({ address }) => (address === null ? [] : [parseIpv4(address)]));
  return formatIpv4(allocateAddress(plan.bridge, new Set(used)));
}
