import type { NtfsModule } from "../../../../native/ntfs/native.d.ts";
import { loadNativeAddon } from "../../../base/windows/native-addon.ts";

/** Raises `unavailable` where ntfs.node is missing. */
export function ntfsAddon(): NtfsModule {
  // What ntfs.node exports, by its own declaration.
  return loadNativeAddon("ntfs") as NtfsModule;
}
