import { createHash } from "node:crypto";
import { availableParallelism, networkInterfaces, totalmem } from "node:os";
import { formatIpv4 } from "../base/ipv4.ts";
import { addressPlan, type AddressPlan } from "../net/address-plan.ts";
import { endpointDocument, networkDocument } from "../net/document.ts";
import type { HostComputeEndpoint, HostComputeNetwork } from "../net/hcn-types.ts";
import type { Settings } from "../protocol/daemon.ts";
import type { Params } from "../protocol/contract.ts";
import { AGENT_PORT, FILES_PORT, type guestContract } from "../protocol/guest.ts";
import { computeSystemDocument } from "../vm/document.ts";
import type { ComputeSystemDocument, NetworkAdapter } from "../vm/hcs-types.ts";
import type { EndpointProperties } from "../vm/network-service.ts";

/** tswsl's own network, the same at every start so that a crash leaves one to reuse and not many. */
export const NETWORK_ID = "6d0ac0a5-9d1c-4c57-8a4e-7f1b7b3b6a10";

/** Files that the VM is made of; see the daemon's assets. */
export interface VmFiles {
  readonly kernel: string;
  readonly initrd: string;
  readonly systemImage: string;
  readonly store: string;
  readonly console: string;
}

export type NetworkConfiguration = Params<(typeof guestContract)["network.configure"]>;

/** The three documents of one start, all from settings and this host's facts; pure, so that they can be shown. */
export interface VmDocuments {
  readonly plan: AddressPlan;
  readonly network: HostComputeNetwork;
  /** The same at every start of this installation, and with it the adapter's MAC address, which a saved VM keeps. */
  readonly endpointId: string;
  readonly endpoint: HostComputeEndpoint;
  /** The compute system with this adapter. */
  computeSystem(adapter: NetworkAdapter): ComputeSystemDocument;
  /** The same without the store disk, as it is when it is saved. */
  withoutStore(adapter: NetworkAdapter): ComputeSystemDocument;
}

/** The documents that the next start hands over. */
export function vmDocuments(files: VmFiles, settings: Settings): VmDocuments {
  const plan = addressPlan(Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []));
  const { network: subnet, gateway } = plan;
  const { store, ...parts } = files;
  const document = (adapter: NetworkAdapter, disk: { store?: string }): ComputeSystemDocument =>
    computeSystemDocument({
      ...parts,
      ...disk,
      adapter,
      ...vmSize(settings),
      ports: [AGENT_PORT, FILES_PORT],
    });
  return {
    plan,
    network: networkDocument({ name: "tswsl", subnet, gateway }),
    endpointId: guidOf(store),
    endpoint: endpointDocument({ networkId: NETWORK_ID, subnet, address: plan.vm, gateway }),
    computeSystem: (adapter) => document(adapter, { store }),
    withoutStore: (adapter) => document(adapter, {}),
  };
}

/** The adapter that belongs to an endpoint; the instance id lets the guest find it among others. */
export function adapterOf(endpoint: Pick<EndpointProperties, "id" | "macAddress">): NetworkAdapter {
  return { EndpointId: endpoint.id, MacAddress: endpoint.macAddress };
}

/** What the agent is told of the network: the VM's own end, and the distros' bridge. */
export function networkOf(endpoint: EndpointProperties, plan: AddressPlan): NetworkConfiguration {
  return {
    mac: endpoint.macAddress.toLowerCase().replaceAll("-", ":"),
    address: endpoint.address,
    prefix: endpoint.prefixLength,
    gateway: endpoint.gateway,
    bridge: { address: formatIpv4(plan.bridgeGateway), prefix: plan.bridge.prefix },
  };
}

/** A GUID (RFC 9562, version 8) that this path always gives and no other does. */
function guidOf(path: string): string {
  const hex = createHash("sha256").update(`tswsl ${path}`).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

/** What the VM has, or will have at its next start. */
export function vmSize({ memoryMiB, processors }: Settings): { memoryMiB: number; processors: number } {
  return {
    memoryMiB: memoryMiB || defaultMemoryMiB(),
    processors: processors || availableParallelism(),
  };
}

/** Half of the host, as WSL; what the guest does not use is not taken from the host. */
function defaultMemoryMiB(): number {
  return Math.floor(totalmem() / 1024 ** 2 / 2);
}
