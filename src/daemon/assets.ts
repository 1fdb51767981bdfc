import { existsSync } from "node:fs";
import { join } from "node:path";
import { TswslError } from "../base/errors.ts";

/** The guest's files beside the program: `dist/guest`, filled by `npm run build`, or those of `npm run build:windows`. */
export interface GuestAssets {
  /** Uncompressed ELF, started through its PVH note: the fastest way under QEMU. */
  readonly vmlinux: string;
  /** What HCS boots. */
  readonly bzImage: string;
  readonly initrd: string;
  /** Read-only: the bare file system, for Windows in a VHD. */
  readonly systemImage: string;
}

/** Finds the guest's files next to the running program. Raises `unavailable` for what is missing. */
export function guestAssets(programDirectory: string): GuestAssets {
  const directory = join(programDirectory, "guest");
  const assets = {
    vmlinux: join(directory, "vmlinux"),
    bzImage: join(directory, "bzImage"),
    initrd: join(directory, "initrd.img"),
    systemImage: join(directory, process.platform === "win32" ? "system.vhd" : "system.erofs"),
  };
  for (const path of Object.values(assets)) {
    if (existsSync(path)) continue;
    throw new TswslError("unavailable", `${path} is missing`, { hint });
  }
  return assets;
}

/** On Linux there is nothing but checkouts so far. */
const hint =
  process.platform === "win32"
    ? "Install tswsl again: the files beside tswsl.exe belong to it."
    : "Build it: npm run build";
