import { QemuNetworkService } from "../vm/qemu/network.ts";
import { rawDisk } from "../vm/qemu/raw-disk.ts";
import { QemuComputeService } from "../vm/qemu/service.ts";
import type { HostServices, HostServicesOptions } from "./host-services.ts";

/** Virtual machines by QEMU. */
export function qemuServices({ paths, assets, log }: HostServicesOptions): HostServices {
  const network = new QemuNetworkService();
  return {
    compute: new QemuComputeService({ network, acceleratorFile: paths.acceleratorFile, log }),
    network,
    diskFormat: rawDisk,
    store: paths.storeDisk,
    kernel: assets.vmlinux,
  };
}
