import { TswslError } from "./errors.ts";

/** An IPv4 network. `network` has no host bits; both are checked by {@link parseSubnet}. */
export interface Ipv4Subnet {
  /** Unsigned 32-bit number, host byte order. */
  readonly network: number;
  readonly prefix: number;
}

/** Dotted decimal to an unsigned number. Raises `invalid-argument`; the short forms of inet_aton are refused. */
export function parseIpv4(text: string): number {
  const parts = text.split(".");
  const bytes = parts.map((part) => (/^(0|[1-9]\d{0,2})$/.test(part) ? Number(part) : 256));
  if (bytes.length !== 4 || bytes.some((byte) => byte > 255)) {
    throw new TswslError("invalid-argument", `'${text}' is not an IPv4 address`);
  }
  return bytes.reduce((address, byte) => address * 256 + byte, 0);
}

export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join(".");
}

/** `a.b.c.d/n` with all host bits zero. Raises `invalid-argument`. */
export function parseSubnet(text: string): Ipv4Subnet {
  const [address = "", length = ""] = text.split("/", 2);
  const network = parseIpv4(address);
  const prefix = /^\d{1,2}$/.test(length) ? Number(length) : 33;
  if (prefix > 32 || network % 2 ** (32 - prefix) !== 0) {
    throw new TswslError("invalid-argument", `'${text}' is not an IPv4 network such as 172.31.240.0/20`);
  }
  return { network, prefix };
}

export function formatSubnet(subnet: Ipv4Subnet): string {
  return `${formatIpv4(subnet.network)}/${subnet.prefix}`;
}

/** Addresses in the network, its own and the broadcast address included. */
export function subnetSize(subnet: Ipv4Subnet): number {
  return 2 ** (32 - subnet.prefix);
}

export function subnetContains(subnet: Ipv4Subnet, address: number): boolean {
  return address >= subnet.network && address < subnet.network + subnetSize(subnet);
}

export function subnetsOverlap(left: Ipv4Subnet, right: Ipv4Subnet): boolean {
  return subnetContains(left, right.network) || subnetContains(right, left.network);
}
