import { expect, test } from "vitest";
import { hypervisorOf } from "../../../../../src/daemon/host/windows/native/hypervisor.ts";

/** SYSTEM_HYPERVISOR_DETAIL_INFORMATION: leaves 0x40000000 to 0x40000006. */
function details(vendor: string, featuresEbx: number): Buffer {
  const buffer = Buffer.alloc(7 * 16);
  buffer.writeUInt32LE(0x4000000b);
  buffer.write(vendor, 4, "latin1");
  buffer.writeUInt32LE(featuresEbx, 3 * 16 + 4);
  return buffer;
}

test.each([
  ["the root partition", details("Microsoft Hv", 0x003bb7ff), "Microsoft Hv", true],
  ["a guest", details("Microsoft Hv", 0x00048430), "Microsoft Hv", false],
  ["a guest of KVM", details("KVMKVMKVM", 0), "KVMKVMKVM", false],
  ["bare metal", Buffer.alloc(7 * 16), undefined, false],
])("%s", (_, buffer, vendor, createsPartitions) => {
  expect(hypervisorOf(buffer)).toEqual({ vendor, createsPartitions });
});
