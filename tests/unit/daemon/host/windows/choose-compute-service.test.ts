import { expect, test } from "vitest";
import {
  chooseComputeService,
  type ChoiceFacts,
} from "../../../../../src/daemon/host/windows/choose-compute-service.ts";
import { healthyWindows } from "./sample-host.ts";

const qemu = { known: { binary: "C:\\qemu\\qemu-system-x86_64.exe", version: "9.1.0" } } as const;
const ready = { known: "ready" } as const;
const noHypervisor = { known: { vendor: undefined, createsPartitions: false } } as const;
const user = { known: { elevated: false, hyperVAdministrator: false } } as const;

test.each<[string, Partial<ChoiceFacts>, "HCS" | "QEMU"]>([
  ["everything", {}, "HCS"],
  ["everything, and QEMU too", { qemu, hypervisorPlatform: ready }, "HCS"],
  ["no rights", { rights: user }, "HCS"],
  ["no rights, but QEMU with WHPX", { rights: user, qemu, hypervisorPlatform: ready }, "QEMU"],
  ["no rights, and WHPX without QEMU", { rights: user, hypervisorPlatform: ready }, "HCS"],
  [
    "no rights, and QEMU without WHPX",
    { rights: user, qemu, hypervisorPlatform: { known: "absent" } },
    "HCS",
  ],
  ["no rights, and WHPX untold", { rights: user, qemu, hypervisorPlatform: { unknown: "?" } }, "HCS"],
  ["an old Windows", { release: "10.0.18363", qemu, hypervisorPlatform: ready }, "QEMU"],
  ["no hypervisor", { hypervisor: noHypervisor, qemu, hypervisorPlatform: ready }, "QEMU"],
  [
    "nothing that can be told",
    { hypervisor: { unknown: "?" }, rights: { unknown: "?" }, qemu, hypervisorPlatform: ready },
    "HCS",
  ],
])("with %s", (_, changes, service) => {
  expect(chooseComputeService({ ...healthyWindows, ...changes }).service).toBe(service);
});

test("every obstacle is named", () => {
  const absent = { known: { state: "absent", disabled: false } } as const;
  const { obstacles } = chooseComputeService({
    ...healthyWindows,
    release: "10.0.18363",
    services: { ...healthyWindows.services, vmcompute: absent, hns: absent, vfpext: absent },
    hypervisor: noHypervisor,
    rights: user,
  });
  expect(obstacles).toEqual([
    "Windows 10.0.18363 is too old",
    "the service vmcompute is missing or disabled",
    "the service hns is missing or disabled",
    "the service vfpext is missing or disabled",
    "the Windows hypervisor does not run",
    "this user may not use the Host Compute Service",
  ]);
});
