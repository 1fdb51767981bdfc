import { describe, expect, test } from "vitest";
import { parseIpv4, parseSubnet } from "../../../src/base/ipv4.ts";
import { endpointDocument, networkDocument } from "../../../src/net/document.ts";
import { hcnProblems } from "../../support/hcs-schema.ts";

const subnet = parseSubnet("172.31.240.0/20");
const gateway = parseIpv4("172.31.240.1");
const network = networkDocument({ name: "tswsl", subnet, gateway });
const endpoint = endpointDocument({
  networkId: "2f3b4f4e-5f0e-4f0a-8e5e-0a6f5c1d7a11",
  subnet,
  address: parseIpv4("172.31.240.16"),
  gateway,
});

describe("HCN documents", () => {
  test("are valid against HCN's schema", () => {
    expect(hcnProblems("HostComputeNetwork", network)).toEqual([]);
    expect(hcnProblems("HostComputeEndpoint", endpoint)).toEqual([]);
  });

  test("the schema refuses what it does not know", () => {
    expect(hcnProblems("HostComputeNetwork", { ...network, Colour: "red" }).join()).toContain("Colour");
    expect(
      hcnProblems("HostComputeEndpoint", { ...endpoint, IpConfigurations: [{ IpAddress: 4 }] }),
    ).not.toEqual([]);
  });

  test("name the network and the endpoint's place in it", () => {
    expect(network.Ipams[0]?.Subnets[0]).toEqual({
      IpAddressPrefix: "172.31.240.0/20",
      Routes: [{ NextHop: "172.31.240.1", DestinationPrefix: "0.0.0.0/0" }],
    });
    expect(endpoint.IpConfigurations).toEqual([{ IpAddress: "172.31.240.16", PrefixLength: 20 }]);
  });
});
