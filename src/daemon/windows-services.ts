import { hostSecurity, wellKnown } from "../base/windows/host-security.ts";
import type { HostServices, HostServicesOptions } from "./host-services.ts";
import { protectPipe } from "./pipe-security.ts";
import { qemuServices } from "./qemu-services.ts";

/** Virtual machines on Windows: by HCS. */
export async function windowsServices(options: HostServicesOptions): Promise<HostServices> {
  const { home } = options.paths;
  const security = hostSecurity();
  return {
    ...qemuServices(options),
    // The machine's worker process, which is neither this user nor SYSTEM, writes to it.
    protectConsole: (pipe) => protectPipe(security, pipe, { home, more: [wellKnown.virtualMachines] }),
  };
}
