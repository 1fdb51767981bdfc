import { existsSync } from "node:fs";
import { openLibrary, system32, type Koffi } from "./koffi.ts";

/** `absent`: the Windows Hypervisor Platform is not installed. `idle`: it is, and no hypervisor runs. */
export type HypervisorPlatformFact = "absent" | "idle" | "ready";

/** WHvCapabilityCodeHypervisorPresent (WinHvPlatformDefs.h): a BOOL. */
const HYPERVISOR_PRESENT = 0;

const LIBRARY = "WinHvPlatform.dll";

/** Whether QEMU's WHPX accelerator could work here. A failing call counts as `idle`. */
export function queryHypervisorPlatform(koffi: Koffi): HypervisorPlatformFact {
  if (!existsSync(system32(LIBRARY))) return "absent";
  const capability = openLibrary(koffi, LIBRARY).func(
    "int32_t WHvGetCapability(int32_t code, void *buffer, uint32_t size, void *written)",
    // As in the prototype.
  ) as (code: number, buffer: Buffer, size: number, written: Buffer) => number;
  const present = Buffer.alloc(4);
  const result = capability(HYPERVISOR_PRESENT, present, present.length, Buffer.alloc(4));
  return result === 0 && present.readUInt32LE() !== 0 ? "ready" : "idle";
}
