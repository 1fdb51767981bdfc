import { describe, expect, test } from "vitest";
import { formatIpv4, formatSubnet, parseIpv4, parseSubnet, subnetsOverlap } from "../../../src/base/ipv4.ts";
import {
  addressPlan,
  allocateAddress,
  isDistroAddress,
  type HostAddress,
} from "../../../src/net/address-plan.ts";

const ipv4 = (cidr: string | null): HostAddress => ({ family: "IPv4", cidr });

describe("the address plan", () => {
  test("is the first of the list on a host with none of it", () => {
    const plan = addressPlan([
      ipv4("127.0.0.1/8"),
      ipv4("192.168.1.20/24"),
      { family: "IPv6", cidr: "fe80::1/64" },
    ]);
    expect(formatSubnet(plan.network)).toBe("172.31.240.0/20");
    expect([formatIpv4(plan.gateway), formatIpv4(plan.vm)]).toEqual(["172.31.240.1", "172.31.240.16"]);
    expect([formatSubnet(plan.bridge), formatIpv4(plan.bridgeGateway)]).toEqual([
      "172.30.240.0/24",
      "172.30.240.1",
    ]);
  });

  test("steps aside for the host's own networks, larger and smaller ones", () => {
    const host = [ipv4("172.31.250.7/24"), ipv4("172.16.5.5/12")];
    const plan = addressPlan(host);
    expect(formatSubnet(plan.network)).toBe("10.231.240.0/20");
    expect(formatSubnet(plan.bridge)).toBe("10.232.240.0/24");
    expect(subnetsOverlap(plan.network, plan.bridge)).toBe(false);
  });

  test("ignores an address whose mask has holes", () => {
    expect(formatSubnet(addressPlan([ipv4(null)]).network)).toBe("172.31.240.0/20");
  });

  test("says so when every range is taken", () => {
    expect(() => addressPlan([ipv4("1.2.3.4/0")])).toThrow(expect.objectContaining({ code: "unavailable" }));
  });
});

describe("a distro's address", () => {
  const bridge = parseSubnet("172.30.240.0/24");

  test("is the lowest that is free, and the same for the same question", () => {
    expect(formatIpv4(allocateAddress(bridge, new Set()))).toBe("172.30.240.2");
    const used = new Set(["172.30.240.2", "172.30.240.3", "172.30.240.5"].map(parseIpv4));
    expect(formatIpv4(allocateAddress(bridge, used))).toBe("172.30.240.4");
    expect(formatIpv4(allocateAddress(bridge, used))).toBe("172.30.240.4");
  });

  test("every one that is given is a distro's, until there is none", () => {
    const used = new Set<number>();
    for (let count = 0; count < 253; count++) {
      const address = allocateAddress(bridge, used);
      expect(isDistroAddress(bridge, address)).toBe(true);
      used.add(address);
    }
    expect(() => allocateAddress(bridge, used)).toThrow(expect.objectContaining({ code: "unavailable" }));
  });

  test.each(["172.30.240.0", "172.30.240.1", "172.30.240.255", "172.30.241.2"])("%s is none", (text) => {
    expect(isDistroAddress(bridge, parseIpv4(text))).toBe(false);
  });
});
