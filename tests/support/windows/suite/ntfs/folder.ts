import { mkdirSync } from "node:fs";
import type { NtfsModule } from "../../../../../native/ntfs/native.d.ts";
import { loadNativeAddon } from "../../../../../src/base/windows/native-addon.ts";
import { type DrvfsOptions, HostDisk } from "../../../../../src/fs-9p/index.ts";
import { WindowsDirectory } from "../../../../../src/fs-9p/host-disk/windows/windows-directory.ts";
import { NtfsStandIn } from "./stand-in.ts";

/** Below it everything is made. */
const BASE = String.raw`C:\tswsl-ntfs`;
let made = 0;

interface OnWindows {
  /** Its path: `C:\…\export`. */
  readonly folder: string;
  /** A folder beside it, which is not served. */
  readonly outside: string;
  readonly disk: HostDisk;
  readonly standIn: NtfsStandIn;
  readonly release: () => Promise<void>;
}

/** A new empty folder, served over the stand-in. */
export function onWindows({
  newer = true,
  drvfs = {},
  maxDirectories,
}: {
  readonly newer?: boolean;
  readonly drvfs?: DrvfsOptions;
  readonly maxDirectories?: number;
} = {}): OnWindows {
  const { folder, outside } = newFolder();
  const graveyard = `${outside}-removed`;
  mkdirSync(graveyard);
  const standIn = new NtfsStandIn(addon(), newer, graveyard);
  const root = WindowsDirectory.open(folder, standIn, drvfs);
  const disk = new HostDisk(root, {
    rememberForMs: 0,
    ...(maxDirectories === undefined ? {} : { maxDirectories }),
  });
  const release = async (): Promise<void> => {
    disk.close();
    standIn.end();
  };
  return { folder, outside, disk, standIn, release };
}

/** It goes with the Windows it is on. */
export function newFolder(): { readonly folder: string; readonly outside: string } {
  made += 1;
  const folder = `${BASE}\\${made}\\export`;
  const outside = `${BASE}\\${made}\\outside`;
  mkdirSync(folder, { recursive: true });
  mkdirSync(outside);
  return { folder, outside };
}

function addon(): NtfsModule {
  // What native.d.ts says of the addon that was built with it.
  return loadNativeAddon("ntfs") as NtfsModule;
}
