import type { VmpModule } from "../../../native/vmp/native.d.ts";
import { TswslError } from "../../base/errors.ts";
import type { DiskFormat } from "../disk-format.ts";

/** The part of vmp.node that makes disks. */
export type VirtualDisks = Pick<VmpModule, "createVirtualDisk">;

/** What is taken from the host at a time, and given back. Small, as btrfs scatters what it writes: the default is 32 MiB. */
const BLOCK_BYTES = 1024 * 1024;

/** Win32 errors of CreateVirtualDisk that a user can do something about. */
const remedies: Readonly<Record<number, string>> = {
  5: "Check that you may write there, or put tswsl's files elsewhere: set TSWSL_HOME=D:\\tswsl",
  80: "A file of that name was in the way: look what it is, and remove it.",
  112: "Free some disk space, or put tswsl's files elsewhere: set TSWSL_HOME=D:\\tswsl",
  126: "Windows' virtual disk service is missing: turn VirtualMachinePlatform on, see tswsl doctor.",
};

/** A growing VHDX, made by Windows' own virtdisk.dll. */
export function vhdxDisk(disks: VirtualDisks): DiskFormat {
  return {
    create: async (path, bytes) => {
      const error = await disks.createVirtualDisk(path, bytes, BLOCK_BYTES);
      if (error === 0) return;
      throw new TswslError("unavailable", `Windows cannot make the virtual disk ${path} (error ${error})`, {
        hint: remedies[error] ?? `See what the error means: net helpmsg ${error}`,
        details: { win32: error },
      });
    },
  };
}
