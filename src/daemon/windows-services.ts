import { existsSync } from "node:fs";
import type { HcsModule } from "../../native/hcs/native.d.ts";
import type { VmpModule } from "../../native/vmp/native.d.ts";
import { hostSecurity, wellKnown } from "../base/windows/host-security.ts";
import { loadNativeAddon } from "../base/windows/native-addon.ts";
import { timeouts } from "../base/timeouts.ts";
import { HcnNetworkService } from "../vm/hcs/network.ts";
import { HcsComputeService } from "../vm/hcs/service.ts";
import { vhdxDisk } from "../vm/hcs/vhdx-disk.ts";
import type { HostServices, HostServicesOptions } from "./host-services.ts";
import { chooseComputeService, type ComputeServiceChoice } from "./host/windows/choose-compute-service.ts";
import { gatherChoice } from "./host/windows/gather-windows.ts";
import { loadKoffi } from "./host/windows/native/koffi.ts";
import { qemuSearchPath } from "./host/windows/qemu-search-path.ts";
import { protectPipe } from "./pipe-security.ts";
import { qemuServices } from "./qemu-services.ts";

/**
 * Virtual machines on Windows: by HCS, and by QEMU where HCS cannot be used. Whoever has a store keeps the service that
 * made it: the other one would begin with an empty store of its own.
 */
export async function windowsServices(options: HostServicesOptions): Promise<HostServices> {
  const { paths, log } = options;
  if (existsSync(paths.storeVhdx)) return hcsServices(options);
  if (existsSync(paths.storeDisk)) return qemuOnWindows(options);
  const { service, obstacles } = await choose();
  log.info("compute service chosen", { service, obstacles });
  return service === "HCS" ? hcsServices(options) : qemuOnWindows(options);
}

async function choose(): Promise<ComputeServiceChoice> {
  return chooseComputeService(await gatherChoice(AbortSignal.timeout(timeouts.qemuVersion)));
}

function hcsServices({ paths, assets, log }: HostServicesOptions): HostServices {
  // What these two export, by their own declarations.
  const hcs = loadNativeAddon("hcs") as HcsModule;
  const vmp = loadNativeAddon("vmp") as VmpModule;
  const { home } = paths;
  return {
    compute: new HcsComputeService({ hcs, vmp, log }),
    network: new HcnNetworkService({ hcs, log }),
    diskFormat: vhdxDisk(vmp),
    store: paths.storeVhdx,
    kernel: assets.bzImage,
    // The machine's worker process, which is neither this user nor SYSTEM, writes to it.
    protectConsole: (pipe) => protectPipe(vmp, pipe, { home, more: [wellKnown.virtualMachines] }),
  };
}

function qemuOnWindows(options: HostServicesOptions): HostServices {
  const { home } = options.paths;
  const security = hostSecurity();
  return {
    ...qemuServices(options, qemuSearchPath(loadKoffi())),
    protectConsole: (pipe) => protectPipe(security, pipe, { home }),
  };
}
