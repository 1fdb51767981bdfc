import { computeSystemDocument, type UtilityVmSpec } from "../../src/vm/document.ts";
import type { ComputeSystemDocument, NetworkAdapter } from "../../src/vm/hcs-types.ts";

export const sampleAdapter: NetworkAdapter = {
  EndpointId: "6f0f7f2c-1c3c-4d53-9a3b-0d5f4b1b7a10",
  MacAddress: "00-15-5D-0A-0B-0C",
};

const sampleSpec: UtilityVmSpec = {
  kernel: "/boot/vmlinux",
  initrd: "/boot/initrd.img",
  systemImage: "/images/system.erofs",
  store: "/state/store.img",
  memoryMiB: 2049,
  processors: 4,
  console: "/run/console.sock",
  adapter: sampleAdapter,
  ports: [0x7473],
};

/** A document with every kind of device, for tests that boot nothing. */
export function sampleDocument(changes: Partial<UtilityVmSpec> = {}): ComputeSystemDocument {
  return computeSystemDocument({ ...sampleSpec, ...changes });
}
