import { describe, expect, test } from "vitest";
import { isTswslError } from "../../../src/base/errors.ts";
import {
  formatIpv4,
  formatSubnet,
  parseIpv4,
  parseSubnet,
  subnetContains,
  subnetsOverlap,
} from "../../../src/base/ipv4.ts";

describe("IPv4 addresses", () => {
  test.each(["0.0.0.0", "10.0.2.15", "172.31.240.1", "255.255.255.255"])(
    "%s survives a round trip",
    (text) => {
      expect(formatIpv4(parseIpv4(text))).toBe(text);
    },
  );

  test.each(["", "10.1", "1.2.3.256", "01.2.3.4", "1.2.3.4.5", "a.b.c.d", "1.2.3.-4", " 1.2.3.4"])(
    "'%s' is refused",
    (text) => {
      expect(() => parseIpv4(text)).toThrow(/is not an IPv4 address/);
    },
  );
});

describe("IPv4 networks", () => {
  test.each(["172.31.240.0/20", "10.0.0.0/8", "0.0.0.0/0", "1.2.3.4/32"])(
    "%s survives a round trip",
    (text) => {
      expect(formatSubnet(parseSubnet(text))).toBe(text);
    },
  );

  test.each(["172.31.241.0/20", "10.0.0.0/33", "10.0.0.0", "10.0.0.0/-1", "10.0.0.0/x"])(
    "'%s' is refused",
    (text) => {
      expect(() => parseSubnet(text)).toThrow(expect.objectContaining({ code: "invalid-argument" }));
    },
  );

  test("contain their first and last address and not their neighbours", () => {
    const subnet = parseSubnet("172.31.240.0/20");
    const inside = (text: string): boolean => subnetContains(subnet, parseIpv4(text));
    expect([inside("172.31.240.0"), inside("172.31.255.255")]).toEqual([true, true]);
    expect([inside("172.31.239.255"), inside("172.32.0.0")]).toEqual([false, false]);
  });

  test("overlap in both directions", () => {
    const [large, small, other] = ["10.0.0.0/8", "10.231.240.0/20", "11.0.0.0/8"].map(parseSubnet);
    if (!large || !small || !other) throw new Error("three networks");
    expect([subnetsOverlap(large, small), subnetsOverlap(small, large)]).toEqual([true, true]);
    expect(subnetsOverlap(large, other)).toBe(false);
  });

  test("a refusal is our error", () => {
    let caught: unknown;
    try {
      parseSubnet("nonsense");
    } catch (error) {
      caught = error;
    }
    expect(isTswslError(caught, "invalid-argument")).toBe(true);
  });
});
