import { describe, expect, test } from "vitest";
import { evaluateWindows } from "../../../../../src/daemon/host/windows/evaluate-windows.ts";
import type { WindowsFacts } from "../../../../../src/daemon/host/windows/facts.ts";
import type { Finding } from "../../../../../src/protocol/host.ts";
import { healthyWindows as healthy } from "./sample-host.ts";

const finding = (check: string, changes: Partial<WindowsFacts>): Finding | undefined =>
  evaluateWindows({ ...healthy, ...changes }).find((found) => found.check === check);

test("a host that has everything has no remedies", () => {
  const findings = evaluateWindows(healthy);
  expect(findings.filter(({ state, remedy }) => state !== "ok" || remedy !== null)).toEqual([]);
  expect(findings.map(({ check }) => check)).toEqual([
    "compute service",
    "windows",
    "virtual machine platform",
    "hypervisor",
    "services",
    "internet connection sharing",
    "rights",
    "home volume",
    "qemu",
    "wsl",
    "guest files",
    "space",
    "state",
    "addresses",
  ]);
});

/** The check, its state, a part of what was found, a part of the remedy. */
type Expected = readonly [string, Finding["state"], string, string];

const absent = { known: { state: "absent", disabled: false } } as const;
const disabled = { known: { state: "stopped", disabled: true } } as const;
const services = (changes: Partial<WindowsFacts["services"]>): Partial<WindowsFacts> => ({
  services: { ...healthy.services, ...changes },
});
const untold = { unknown: "Windows says nothing" };
const platform = (VirtualMachinePlatform: "off" | "pending" | "absent"): Partial<WindowsFacts> => ({
  features: { known: { VirtualMachinePlatform, HypervisorPlatform: "off" } },
});
const noHypervisor = { known: { vendor: undefined, createsPartitions: false } } as const;
const volume = (changes: object): Partial<WindowsFacts> => ({
  volume: { known: { fileSystem: "NTFS", compressed: false, encrypted: false, ...changes } },
});

describe("what is missing is named with its remedy", () => {
  test.each<[string, Partial<WindowsFacts>, Expected]>([
    [
      "an old Windows",
      { release: "10.0.18363" },
      ["windows", "missing", "10.0.18363 is too old", "Update Windows"],
    ],
    [
      "the platform off",
      platform("off"),
      ["virtual machine platform", "missing", "is off", "tswsl install --no-distribution"],
    ],
    [
      "the platform after a restart",
      platform("pending"),
      ["virtual machine platform", "missing", "waits for a restart", "Restart Windows"],
    ],
    [
      "no such platform",
      platform("absent"),
      ["virtual machine platform", "missing", "no feature VirtualMachinePlatform", "winver"],
    ],
    [
      "the platform off, seen without rights",
      { features: untold, ...services({ vmcompute: absent }) },
      ["virtual machine platform", "missing", "(vmcompute) is missing", "tswsl install --no-distribution"],
    ],
    [
      "virtualisation off",
      { hypervisor: noHypervisor },
      ["hypervisor", "missing", "switched off in the firmware", "VT-x (Intel), AMD-V or SVM (AMD)"],
    ],
    [
      "the hypervisor not started",
      {
        hypervisor: noHypervisor,
        firmware: { known: { virtualisation: true, secondLevelTranslation: true } },
      },
      ["hypervisor", "missing", "was not started", "bcdedit /set hypervisorlaunchtype auto"],
    ],
    [
      "a guest of Hyper-V without nesting",
      { hypervisor: { known: { vendor: "Microsoft Hv", createsPartitions: false } } },
      ["hypervisor", "missing", "without virtualisation of its own", "-ExposeVirtualizationExtensions $true"],
    ],
    [
      "a guest of KVM",
      { hypervisor: { known: { vendor: "KVMKVMKVM", createsPartitions: false } } },
      ["hypervisor", "missing", "of KVMKVMKVM", "nested virtualisation"],
    ],
    [
      "no network service",
      services({ hns: absent }),
      ["services", "missing", "missing: hns", "tswsl install --no-distribution"],
    ],
    [
      "disabled services",
      services({ hns: disabled, vmcompute: disabled }),
      [
        "services",
        "missing",
        "disabled: vmcompute, hns",
        "sc config vmcompute start= demand & sc config hns start= demand",
      ],
    ],
    [
      "sharing disabled",
      services({ SharedAccess: disabled }),
      ["internet connection sharing", "warning", "is disabled", "sc config SharedAccess start= demand"],
    ],
    [
      "sharing forbidden",
      { sharingForbidden: { known: true } },
      ["internet connection sharing", "warning", "policy forbids it", "gpedit.msc"],
    ],
    [
      "an ordinary user",
      { rights: { known: { elevated: false, hyperVAdministrator: false } } },
      ["rights", "missing", "may not use", "Hyper-V Administrators"],
    ],
    [
      "a compressed home",
      volume({ compressed: true }),
      ["home volume", "missing", "is compressed", "compact /u"],
    ],
    [
      "an encrypted home",
      volume({ encrypted: true }),
      ["home volume", "missing", "is encrypted", "cipher /d"],
    ],
    ["a stick", volume({ fileSystem: "FAT32" }), ["home volume", "warning", "lies on FAT32", "TSWSL_HOME"]],
    [
      "a full disk",
      { space: { path: "C:\\a", free: { known: 1000 } } },
      ["space", "missing", "0.0 GiB are free", "Storage"],
    ],
  ])("%s", (_, changes, [check, state, what, remedy]) => {
    const found = finding(check, changes);
    expect(found?.state).toBe(state);
    expect(found?.what).toContain(what);
    expect(found?.remedy).toContain(remedy);
  });

  test("what cannot be told is a warning, and no reason to call something missing", () => {
    const findings = evaluateWindows({
      ...healthy,
      hypervisor: untold,
      firmware: untold,
      services: { vmcompute: untold, hns: untold, vfpext: untold, SharedAccess: untold, tswsl: untold },
      features: untold,
      hypervisorPlatform: untold,
      sharingForbidden: untold,
      rights: untold,
      volume: untold,
      wsl: untold,
      space: { path: "C:\\a", free: untold },
    });
    expect(findings.filter(({ state }) => state === "missing")).toEqual([]);
    expect(findings.filter(({ what }) => what.includes("Windows says nothing")).length).toBeGreaterThan(5);
  });
});

describe("the switch's filter driver", () => {
  test("is needed before Windows 11 22H2", () => {
    const changes = { release: "10.0.19045", ...services({ vfpext: absent }) };
    expect(finding("services", changes)?.what).toBe("missing: vfpext");
  });

  test("and not from there on", () => {
    expect(finding("services", services({ vfpext: absent }))?.state).toBe("ok");
  });
});

test("tswsl's own service has the rights that its users lack", () => {
  const changes = {
    rights: { known: { elevated: false, hyperVAdministrator: false } },
    ...services({ tswsl: { known: { state: "running", disabled: false } } }),
  };
  expect(finding("rights", changes)?.state).toBe("ok");
});

describe("where QEMU takes the place of HCS", () => {
  const withQemu: Partial<WindowsFacts> = {
    ...services({ vmcompute: absent, hns: absent }),
    ...platform("off"),
    qemu: { known: { binary: "C:\\Program Files\\qemu\\qemu-system-x86_64.exe", version: "9.1.0" } },
    hypervisorPlatform: { known: "ready" },
  };

  test("nothing is missing, and what HCS lacks is a warning", () => {
    const findings = evaluateWindows({ ...healthy, ...withQemu });
    expect(findings.filter(({ state }) => state === "missing")).toEqual([]);
    expect(findings[0]).toMatchObject({
      check: "compute service",
      what: expect.stringContaining(
        "QEMU with WHPX runs virtual machines, because the service vmcompute is missing",
      ),
    });
    expect(finding("services", withQemu)?.state).toBe("warning");
  });

  test("but not without WHPX", () => {
    const found = finding("services", { ...withQemu, hypervisorPlatform: { known: "idle" } });
    expect(found?.state).toBe("missing");
  });

  test("a full disk is missing all the same", () => {
    const changes = { ...withQemu, space: { path: "C:\\a", free: { known: 1000 } } };
    expect(finding("space", changes)?.state).toBe("missing");
  });
});

test.each([
  [{ service: undefined, distributions: 0, machines: 0 }, "WSL is not installed; no virtual machine runs"],
  [
    { service: "WslService", distributions: 2, machines: 1 },
    "WSL (WslService) has distributions: 2; virtual machines that run: 1. Both can run side by side",
  ],
] as const)("WSL's own use is told: %j", (wsl, what) => {
  expect(finding("wsl", { wsl: { known: wsl } })).toEqual({ check: "wsl", state: "ok", what, remedy: null });
});
