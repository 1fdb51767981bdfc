import { beforeEach, describe, expect, test } from "vitest";
import { parseIpv4, parseSubnet } from "../../../../src/base/ipv4.ts";
import { QemuNetworkService } from "../../../../src/vm/qemu/network.ts";

const { signal } = new AbortController();
const networkId = "2f3b4f4e-5f0e-4f0a-8e5e-0a6f5c1d7a11";
const endpointId = "6f0f7f2c-1c3c-4d53-9a3b-0d5f4b1b7a10";
const SchemaVersion = { Major: 2, Minor: 0 };

function networkDocument(prefix = "172.31.240.0/20", gateway = "172.31.240.1", extra: object = {}): object {
  const Routes = [{ NextHop: gateway, DestinationPrefix: "0.0.0.0/0" }];
  return {
    Name: "tswsl",
    Type: "NAT",
    Flags: 8,
    Ipams: [{ Type: "Static", Subnets: [{ IpAddressPrefix: prefix, Routes }] }],
    SchemaVersion,
    ...extra,
  };
}

function endpointDocument(address?: string): object {
  const ip = address === undefined ? {} : { IpConfigurations: [{ IpAddress: address, PrefixLength: 20 }] };
  return { HostComputeNetwork: networkId, SchemaVersion, ...ip };
}

let service = new QemuNetworkService();

beforeEach(async () => {
  service = new QemuNetworkService();
  await service.ensureNetwork(networkId, networkDocument(), signal);
});

const create = (document: object, id = endpointId) => service.createEndpoint(networkId, id, document, signal);

describe("endpoints", () => {
  test("get what the document says, and a Hyper-V MAC address that is always the same", async () => {
    const first = await create(endpointDocument("172.31.241.7"));
    expect(first).toMatchObject({ address: "172.31.241.7", prefixLength: 20, gateway: "172.31.240.1" });
    expect(first.macAddress).toMatch(/^00-15-5D(-[0-9A-F]{2}){3}$/);
    await service.deleteEndpoint(endpointId, signal);
    expect((await create(endpointDocument())).macAddress).toBe(first.macAddress);
  });

  test("without an address get the next free one, clear of the network's own servers", async () => {
    const ids = ["a", "b", "c"].map((letter) => endpointId.replace(/.$/, letter));
    const made = await Promise.all(ids.map((id) => create(endpointDocument(), id)));
    expect(made.map(({ address }) => address)).toEqual(["172.31.240.16", "172.31.240.17", "172.31.240.18"]);
  });

  test("have their DNS server inside the network", async () => {
    const [server = ""] = (await create(endpointDocument())).dnsServers;
    const { network } = parseSubnet("172.31.240.0/20");
    expect(parseIpv4(server) - network).toBe(3);
  });

  test.each(["172.31.240.1", "172.31.240.3", "172.31.240.0", "172.31.255.255", "10.0.0.1", "nonsense"])(
    "cannot have %s",
    async (address) => {
      await expect(create(endpointDocument(address))).rejects.toMatchObject({ code: "invalid-argument" });
    },
  );

  test("exist once, on a network that exists", async () => {
    await create(endpointDocument());
    await expect(create(endpointDocument(), endpointId.toUpperCase())).rejects.toMatchObject({
      code: "exists",
    });
    const elsewhere = service.createEndpoint(endpointId, networkId, endpointDocument(), signal);
    await expect(elsewhere).rejects.toMatchObject({ code: "not-found" });
  });

  test("deleting one that is not there is nothing", async () => {
    await expect(service.deleteEndpoint(endpointId, signal)).resolves.toBeUndefined();
  });
});

describe("a machine's use of an endpoint", () => {
  test("gives slirp's options, to one machine at a time", async () => {
    const { macAddress } = await create(endpointDocument());
    expect(service.attach(endpointId.toUpperCase(), macAddress)).toEqual({
      net: "172.31.240.0/20",
      host: "172.31.240.1",
      dns: "172.31.240.3",
      ipv6: "off",
    });
    expect(() => service.attach(endpointId, macAddress)).toThrow(
      expect.objectContaining({ code: "invalid-state" }),
    );
    service.detach(endpointId);
    service.attach(endpointId, macAddress);
  });

  test("needs the endpoint and its MAC address", async () => {
    expect(() => service.attach(endpointId, "00-15-5D-00-00-00")).toThrow(
      expect.objectContaining({ code: "not-found" }),
    );
    await create(endpointDocument());
    expect(() => service.attach(endpointId, "00-15-5D-00-00-00")).toThrow(/MAC address/);
  });
});

describe("network documents", () => {
  const refused = (document: object) => new QemuNetworkService().ensureNetwork(networkId, document, signal);

  test.each<[string, object]>([
    ["another type", networkDocument(undefined, undefined, { Type: "ICS" })],
    ["an unknown property", networkDocument(undefined, undefined, { MacPool: {} })],
    ["a gateway outside", networkDocument("172.31.240.0/20", "172.31.0.1")],
    ["host bits", networkDocument("172.31.241.0/20")],
    ["no room for slirp", networkDocument("172.31.240.0/28")],
    ["nothing", {}],
  ])("with %s are refused", async (_, document) => {
    await expect(refused(document)).rejects.toMatchObject({ code: "invalid-argument" });
  });

  test("of a network that exists are not looked at, as on HCN", async () => {
    await expect(service.ensureNetwork(networkId.toUpperCase(), {}, signal)).resolves.toBeUndefined();
  });
});
