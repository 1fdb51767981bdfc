import { QemuNetworkService } from "../vm/qemu/network.ts";
import { rawDisk } from "../vm/qemu/raw-disk.ts";
import { QemuComputeService } from "../vm/qemu/service.ts";
import type { HostServices, HostServicesOptions } from "./host-services.ts";

/** Virtual machines by QEMU, looked for in these folders, or in those of PATH. */
export function qemuServices({ paths, assets, log }: HostServicesOptions, path?: string): HostServices {
  const network = new QemuNetworkService();
  return {
    compute: new QemuComputeService({ network, acceleratorFile: paths.acceleratorFile, log, path }),
    network,
    diskFormat: rawDisk,
    store: paths.storeDisk,
    kernel: assets.vmlinux,
  };
}
