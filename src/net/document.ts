import { formatIpv4, formatSubnet, type Ipv4Subnet } from "../base/ipv4.ts";
import { NetworkFlags, type HostComputeEndpoint, type HostComputeNetwork } from "./hcn-types.ts";

/** The version that every Windows with HCN v2 understands. */
const schemaVersion = { Major: 2, Minor: 0 } as const;

export interface NetworkSpec {
  readonly name: string;
  readonly subnet: Ipv4Subnet;
  readonly gateway: number;
}

/** The HCN document of the VM's NAT network. The gateway is the host's end; HCN gives it a virtual adapter. */
export function networkDocument({ name, subnet, gateway }: NetworkSpec): HostComputeNetwork {
  const route = { NextHop: formatIpv4(gateway), DestinationPrefix: "0.0.0.0/0" };
  return {
    Name: name,
    Type: "NAT",
    Flags: NetworkFlags.nonPersistent,
    Ipams: [{ Type: "Static", Subnets: [{ IpAddressPrefix: formatSubnet(subnet), Routes: [route] }] }],
    SchemaVersion: schemaVersion,
  };
}

export interface EndpointSpec {
  /** GUID of the network, as given to `ensureNetwork`. */
  readonly networkId: string;
  readonly subnet: Ipv4Subnet;
  readonly address: number;
  readonly gateway: number;
}

/** The HCN document of the VM's end. The service chooses the MAC address and tells it in the endpoint's properties. */
export function endpointDocument({ networkId, subnet, address, gateway }: EndpointSpec): HostComputeEndpoint {
  return {
    HostComputeNetwork: networkId,
    IpConfigurations: [{ IpAddress: formatIpv4(address), PrefixLength: subnet.prefix }],
    Routes: [{ NextHop: formatIpv4(gateway), DestinationPrefix: "0.0.0.0/0" }],
    SchemaVersion: schemaVersion,
  };
}
