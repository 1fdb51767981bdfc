import { TswslError } from "../base/errors.ts";
import {
  parseIpv4,
  parseSubnet,
  subnetContains,
  subnetSize,
  subnetsOverlap,
  type Ipv4Subnet,
} from "../base/ipv4.ts";

/** Which private networks tswsl uses on this host. */
export interface AddressPlan {
  /** Between host and VM. */
  readonly network: Ipv4Subnet;
  /** The host's end of it, and the VM's. */
  readonly gateway: number;
  readonly vm: number;
  /** Inside the VM: the bridge that the distros hang on, and the VM's end of it. */
  readonly bridge: Ipv4Subnet;
  readonly bridgeGateway: number;
}

/** What `os.networkInterfaces()` tells of one address. */
export interface HostAddress {
  readonly family: string;
  /** `a.b.c.d/n`, null when the mask has holes. */
  readonly cidr: string | null;
}

/**
 * RFC 1918 ranges away from the common home and office ones. The first free one is taken, so that a host gets the
 * same plan at every start as long as its own networks stay the same.
 */
const networks = [
  "172.31.240.0/20",
  "172.29.240.0/20",
  "172.27.240.0/20",
  "10.231.240.0/20",
  "192.168.208.0/20",
];
const bridges = [
  "172.30.240.0/24",
  "172.28.240.0/24",
  "172.26.240.0/24",
  "10.232.240.0/24",
  "192.168.199.0/24",
];

/** The first /24's worth of a network is left to routers and slirp's own servers. */
const firstVmHost = 16;
const firstDistroHost = 2;

/** Chooses networks that clash with none of the host's own. Raises `unavailable` when all of ours are taken. */
export function addressPlan(host: readonly HostAddress[]): AddressPlan {
  const taken = host.flatMap(({ family, cidr }) =>
    family === "IPv4" && cidr !== null ? [networkOf(cidr)] : [],
  );
  const network = firstFree(networks, taken);
  const bridge = firstFree(bridges, taken);
  return {
    network,
    gateway: network.network + 1,
    vm: network.network + firstVmHost,
    bridge,
    bridgeGateway: bridge.network + 1,
  };
}

/**
 * The lowest address of the bridge's network that no distro has. Deterministic; the caller remembers it with the
 * distro. Raises `unavailable` when the network is full.
 */
export function allocateAddress(bridge: Ipv4Subnet, used: ReadonlySet<number>): number {
  const broadcast = bridge.network + subnetSize(bridge) - 1;
  for (let address = bridge.network + firstDistroHost; address < broadcast; address++) {
    if (!used.has(address)) return address;
  }
  throw new TswslError("unavailable", "every address on the distributions' network is in use", {
    hint: "Unregister a distribution: tswsl unregister NAME",
  });
}

/** True for an address that {@link allocateAddress} could have given on this bridge. */
export function isDistroAddress(bridge: Ipv4Subnet, address: number): boolean {
  const host = address - bridge.network;
  return subnetContains(bridge, address) && host >= firstDistroHost && host < subnetSize(bridge) - 1;
}

function firstFree(candidates: readonly string[], taken: readonly Ipv4Subnet[]): Ipv4Subnet {
  for (const candidate of candidates) {
    const subnet = parseSubnet(candidate);
    if (!taken.some((other) => subnetsOverlap(subnet, other))) return subnet;
  }
  throw new TswslError("unavailable", `the host's own networks overlap all of ${candidates.join(", ")}`, {
    hint: "Remove an unused network of the host: ip address show",
  });
}

function networkOf(cidr: string): Ipv4Subnet {
  const [address = "", length = ""] = cidr.split("/", 2);
  const prefix = Number(length);
  const number = parseIpv4(address);
  return { network: number - (number % 2 ** (32 - prefix)), prefix };
}
