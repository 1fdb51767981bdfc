/**
 * The HCN documents that tswsl writes, in the spelling of the schema (Microsoft's HNS_Schema, version 2). Only what
 * is used is here; tests/fixtures/hcn-schema.json has the whole.
 */

interface SchemaVersion {
  readonly Major: number;
  readonly Minor: number;
}

interface Route {
  readonly NextHop: string;
  readonly DestinationPrefix: string;
}

interface Subnet {
  /** `a.b.c.d/n` */
  readonly IpAddressPrefix: string;
  readonly Routes: readonly Route[];
}

interface Ipam {
  readonly Type: "Static";
  readonly Subnets: readonly Subnet[];
}

export interface HostComputeNetwork {
  readonly Name: string;
  readonly Type: "NAT";
  /** See {@link NetworkFlags}. */
  readonly Flags: number;
  readonly Ipams: readonly Ipam[];
  readonly SchemaVersion: SchemaVersion;
}

interface IpConfig {
  readonly IpAddress: string;
  readonly PrefixLength: number;
}

export interface HostComputeEndpoint {
  readonly Name?: string;
  /** GUID of the network. */
  readonly HostComputeNetwork: string;
  readonly IpConfigurations?: readonly IpConfig[];
  readonly Routes?: readonly Route[];
  /** `00-15-5D-xx-xx-xx`; left out, the service chooses one. */
  readonly MacAddress?: string;
  readonly Flags?: number;
  readonly SchemaVersion: SchemaVersion;
}

/** Bits of HostComputeNetwork.Flags that are used. */
export const NetworkFlags = {
  none: 0,
  /** Gone after a reboot of the host, so that a crash leaves nothing for ever. */
  nonPersistent: 8,
} as const;
