import type { TswslPaths } from "../base/files.ts";
import type { Logger } from "../base/log.ts";
import type { ComputeService } from "../vm/compute-service.ts";
import type { DiskFormat } from "../vm/disk-format.ts";
import type { NetworkService } from "../vm/network-service.ts";
import type { GuestAssets } from "./assets.ts";

/** What a host brings to run virtual machines: the services, and what they want to be given. */
export interface HostServices {
  readonly compute: ComputeService;
  readonly network: NetworkService;
  readonly diskFormat: DiskFormat;
  /** Where the store disk is in that format. */
  readonly store: string;
  /** The form of the kernel that the service starts. */
  readonly kernel: string;
  /** Closes the console's pipe to others, where it is one. */
  readonly protectConsole?: (pipe: string) => Promise<void>;
}

export interface HostServicesOptions {
  readonly paths: TswslPaths;
  readonly assets: GuestAssets;
  readonly log: Logger;
}

/** The services of this host. Each host's are loaded there alone. */
export async function hostServices(options: HostServicesOptions): Promise<HostServices> {
  if (process.platform === "win32") {
    const { windowsServices } = await import("./windows-services.ts");
    return windowsServices(options);
  }
  const { qemuServices } = await import("./qemu-services.ts");
  return qemuServices(options);
}
