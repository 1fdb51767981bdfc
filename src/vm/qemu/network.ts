import { createHash } from "node:crypto";
import * as v from "valibot";
import { throwIfAborted } from "../../base/deadline.ts";
import { TswslError } from "../../base/errors.ts";
import {
  formatIpv4,
  formatSubnet,
  parseIpv4,
  parseSubnet,
  subnetContains,
  subnetSize,
  type Ipv4Subnet,
} from "../../base/ipv4.ts";
import type { EndpointProperties, HcnDocument, NetworkService } from "../network-service.ts";

/** Options of `-netdev user`. Our own formatting only: nothing in them needs escaping. */
export type NetworkBackend = Readonly<Record<"net" | "host" | "dns" | "ipv6", string>>;

const SchemaVersion = v.strictObject({ Major: v.literal(2), Minor: v.number() });
const Route = v.strictObject({ NextHop: v.string(), DestinationPrefix: v.literal("0.0.0.0/0") });

const NetworkDocument = v.strictObject({
  Name: v.optional(v.string()),
  Type: v.literal("NAT"),
  // Non-persistent (8) is all that a network inside a process can be.
  Flags: v.optional(v.picklist([0, 8])),
  Ipams: v.strictTuple([
    v.strictObject({
      Type: v.optional(v.literal("Static")),
      Subnets: v.strictTuple([
        v.strictObject({ IpAddressPrefix: v.string(), Routes: v.strictTuple([Route]) }),
      ]),
    }),
  ]),
  SchemaVersion,
});

const EndpointDocument = v.strictObject({
  Name: v.optional(v.string()),
  HostComputeNetwork: v.optional(v.string()),
  IpConfigurations: v.optional(
    v.strictTuple([v.strictObject({ IpAddress: v.string(), PrefixLength: v.optional(v.number()) })]),
  ),
  Routes: v.optional(v.array(Route)),
  MacAddress: v.optional(v.pipe(v.string(), v.regex(/^([0-9A-F]{2}-){5}[0-9A-F]{2}$/i))),
  Flags: v.optional(v.literal(0)),
  SchemaVersion,
});

interface Network {
  readonly subnet: Ipv4Subnet;
  readonly gateway: number;
  /** slirp's forwarder to the host's resolver. */
  readonly dns: number;
}

interface Endpoint {
  readonly properties: EndpointProperties;
  readonly address: number;
  readonly network: Network;
  attached: boolean;
}

/** slirp needs room for its own servers; the lowest addresses of a network are theirs. */
const longestPrefix = 27;
const dnsHost = 3;
const firstHost = 16;

/**
 * HCN's NAT network by QEMU's user-mode stack (slirp): no privileges, no adapter on the host, nothing listens. What
 * the guest sends to the gateway's address goes to the host's 127.0.0.1: QEMU gives no switch for that; see
 * docs/compute-service.md. A network lives as long as this object.
 */
export class QemuNetworkService implements NetworkService {
  readonly #networks = new Map<string, Network>();
  readonly #endpoints = new Map<string, Endpoint>();

  async ensureNetwork(id: string, document: HcnDocument, signal: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    const key = id.toLowerCase();
    if (!this.#networks.has(key)) this.#networks.set(key, parseNetwork(document));
  }

  async createEndpoint(
    networkId: string,
    id: string,
    document: HcnDocument,
    signal: AbortSignal,
  ): Promise<EndpointProperties> {
    throwIfAborted(signal);
    const key = id.toLowerCase();
    const network = this.#networks.get(networkId.toLowerCase());
    if (!network) throw new TswslError("not-found", `there is no network ${networkId}`);
    if (this.#endpoints.has(key)) throw new TswslError("exists", `the endpoint ${id} exists`);
    const { IpConfigurations, MacAddress } = check(EndpointDocument, "the endpoint document", document);
    const address = this.#chooseAddress(network, IpConfigurations?.[0].IpAddress);
    const properties = {
      id,
      macAddress: (MacAddress ?? macAddressFor(key)).toUpperCase(),
      address: formatIpv4(address),
      prefixLength: network.subnet.prefix,
      gateway: formatIpv4(network.gateway),
      dnsServers: [formatIpv4(network.dns)],
    };
    this.#endpoints.set(key, { properties, address, network, attached: false });
    return properties;
  }

  async deleteEndpoint(id: string, signal: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    this.#endpoints.delete(id.toLowerCase());
  }

  /**
   * Gives an endpoint to one virtual machine, until {@link detach}. Raises `not-found`, `invalid-state` when another
   * machine has it, `invalid-argument` when the document's MAC address is not the endpoint's.
   */
  attach(id: string, macAddress: string): NetworkBackend {
    const endpoint = this.#endpoints.get(id.toLowerCase());
    if (!endpoint) throw new TswslError("not-found", `there is no network endpoint ${id}`);
    if (endpoint.attached)
      throw new TswslError("invalid-state", `the network endpoint ${id} is attached to another machine`);
    const expected = endpoint.properties.macAddress;
    if (macAddress.toUpperCase() !== expected) {
      throw new TswslError(
        "invalid-argument",
        `the endpoint ${id} has the MAC address ${expected}, not ${macAddress}`,
      );
    }
    endpoint.attached = true;
    const { subnet, gateway, dns } = endpoint.network;
    return { net: formatSubnet(subnet), host: formatIpv4(gateway), dns: formatIpv4(dns), ipv6: "off" };
  }

  /** The machine is gone. Idempotent. */
  detach(id: string): void {
    const endpoint = this.#endpoints.get(id.toLowerCase());
    if (endpoint) endpoint.attached = false;
  }

  #chooseAddress(network: Network, wanted: string | undefined): number {
    const used = new Set(
      [...this.#endpoints.values()]
        .filter((other) => other.network === network)
        .map((other) => other.address),
    );
    const end = network.subnet.network + subnetSize(network.subnet) - 1;
    if (wanted !== undefined) {
      const address = parseIpv4(wanted);
      const usable =
        address > network.subnet.network &&
        address < end &&
        address !== network.gateway &&
        address !== network.dns;
      if (usable && !used.has(address)) return address;
      throw new TswslError(
        "invalid-argument",
        `the address ${wanted} is not free in ${formatSubnet(network.subnet)}`,
      );
    }
    for (let address = network.subnet.network + firstHost; address < end; address++) {
      if (!used.has(address) && address !== network.gateway) return address;
    }
    throw new TswslError("unavailable", `no address is free in ${formatSubnet(network.subnet)}`);
  }
}

function parseNetwork(document: HcnDocument): Network {
  const { Ipams } = check(NetworkDocument, "the network document", document);
  const { IpAddressPrefix, Routes } = Ipams[0].Subnets[0];
  const subnet = parseSubnet(IpAddressPrefix);
  const gateway = parseIpv4(Routes[0].NextHop);
  if (subnet.prefix > longestPrefix || subnet.prefix < 8) {
    throw new TswslError(
      "invalid-argument",
      `the network ${IpAddressPrefix} must have a prefix of 8 to ${longestPrefix} bits`,
    );
  }
  if (!subnetContains(subnet, gateway) || gateway === subnet.network) {
    throw new TswslError(
      "invalid-argument",
      `the gateway ${Routes[0].NextHop} is not an address in ${IpAddressPrefix}`,
    );
  }
  const dns = subnet.network + dnsHost;
  return { subnet, gateway, dns: dns === gateway ? dns + 1 : dns };
}

/** Hyper-V's prefix, then three bytes that the endpoint's id always gives. */
function macAddressFor(id: string): string {
  const hash = createHash("sha256").update(id).digest("hex").slice(0, 6);
  return ["00", "15", "5D", hash.slice(0, 2), hash.slice(2, 4), hash.slice(4, 6)].join("-");
}

function check<S extends v.GenericSchema>(schema: S, what: string, document: HcnDocument): v.InferOutput<S> {
  const result = v.safeParse(schema, document);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const property = v.getDotPath(issue) ?? "(document)";
  throw new TswslError(
    "invalid-argument",
    `${what}: ${property} cannot be served by QEMU: ${issue.message}`,
    {
      details: { property },
    },
  );
}
