import { describe, expect, test } from "vitest";
import { enableFeatures } from "../../../../../src/daemon/host/windows/enable-features.ts";
import type { WindowsFacts } from "../../../../../src/daemon/host/windows/facts.ts";
import { featuresToEnable } from "../../../../../src/daemon/host/windows/features-to-enable.ts";
import type { Dism, FeatureState } from "../../../../../src/daemon/host/windows/native/dism.ts";
import type { PlatformFeature } from "../../../../../src/protocol/host.ts";
import { healthyWindows } from "./sample-host.ts";

const absent = { known: { state: "absent", disabled: false } } as const;
const both = (VirtualMachinePlatform: FeatureState, HypervisorPlatform: FeatureState = "off") => ({
  features: { known: { VirtualMachinePlatform, HypervisorPlatform } },
});
const user: Partial<WindowsFacts> = { rights: { known: { elevated: false, hyperVAdministrator: false } } };
const qemu: Partial<WindowsFacts> = { qemu: { known: { binary: "C:\\qemu.exe", version: "9.1.0" } } };

test.each<[string, Partial<WindowsFacts>, PlatformFeature[], boolean]>([
  ["nothing is off", {}, [], false],
  ["the platform is off", both("off"), ["VirtualMachinePlatform"], false],
  ["the platform waits", both("pending"), [], true],
  ["the platform does not exist", both("absent"), [], false],
  [
    "only its service tells",
    { features: { unknown: "?" }, services: { ...healthyWindows.services, vmcompute: absent } },
    ["VirtualMachinePlatform"],
    false,
  ],
  ["QEMU is there, and HCS works", qemu, [], false],
  ["QEMU has to do, and WHPX is off", { ...qemu, ...user }, ["HypervisorPlatform"], false],
  [
    "QEMU has to do, seen without rights",
    { ...qemu, ...user, features: { unknown: "?" } },
    ["HypervisorPlatform"],
    false,
  ],
  ["QEMU has to do, and WHPX is on", { ...qemu, ...user, ...both("on", "on") }, [], false],
  ["WHPX waits", both("on", "pending"), [], true],
])("when %s", (_, changes, enable, restart) => {
  expect(featuresToEnable({ ...healthyWindows, ...changes })).toEqual({ enable, restart });
});

describe("switching on", () => {
  /** DISM of a Windows in these states; remembers what was switched on. */
  function dismOf(
    states: Record<PlatformFeature, FeatureState>,
    restarts = true,
  ): Dism & { enabled: string[] } {
    const enabled: string[] = [];
    return {
      enabled,
      featureState: (feature) => states[feature],
      enable: (feature) => {
        enabled.push(feature);
        return restarts;
      },
    };
  }
  const features: PlatformFeature[] = ["VirtualMachinePlatform", "HypervisorPlatform"];

  test("changes only what is off", () => {
    const dism = dismOf({ VirtualMachinePlatform: "on", HypervisorPlatform: "off" });
    expect(enableFeatures(dism, features)).toEqual({
      enabled: ["HypervisorPlatform"],
      present: ["VirtualMachinePlatform"],
      restartNeeded: true,
    });
    expect(dism.enabled).toEqual(["HypervisorPlatform"]);
  });

  test("says when no restart is needed", () => {
    const dism = dismOf({ VirtualMachinePlatform: "off", HypervisorPlatform: "on" }, false);
    expect(enableFeatures(dism, features).restartNeeded).toBe(false);
  });

  test("remembers that an earlier change waits", () => {
    const dism = dismOf({ VirtualMachinePlatform: "pending", HypervisorPlatform: "on" });
    expect(enableFeatures(dism, features)).toMatchObject({ enabled: [], restartNeeded: true });
  });

  test("changes nothing when one of them does not exist", () => {
    const dism = dismOf({ VirtualMachinePlatform: "off", HypervisorPlatform: "absent" });
    expect(() => enableFeatures(dism, features)).toThrow(expect.objectContaining({ code: "unsupported" }));
    expect(dism.enabled).toEqual([]);
  });
});
