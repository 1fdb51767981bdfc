import type { VmpModule } from "../../../native/vmp/native.d.ts";
import { loadNativeAddon } from "./native-addon.ts";

/** The part of vmp.node that is about who may do what. */
export type HostSecurity = Pick<VmpModule, "setPipeAccess" | "pipeServer" | "fileOwner" | "processToken">;

/** Raises `unavailable` where vmp.node is missing. */
export function hostSecurity(): HostSecurity {
  // What vmp.node exports, by its own declaration.
  return loadNativeAddon("vmp") as HostSecurity;
}

/** Accounts that every Windows has; "Well-known SIDs" in its documentation. */
export const wellKnown = {
  system: "S-1-5-18",
  administrators: "S-1-5-32-544",
  /** All virtual machines' worker processes. */
  virtualMachines: "S-1-5-83-0",
} as const;

/** Win32 errors that mean something to us. */
export const win32 = { fileNotFound: 2, accessDenied: 5, pipeBusy: 231 } as const;

/** An access list that gives everything to these accounts and nothing to any other, whatever is inherited. */
export function accessFor(accounts: Iterable<string>): string {
  return `D:P${[...new Set(accounts)].map((sid) => `(A;;GA;;;${sid})`).join("")}`;
}
