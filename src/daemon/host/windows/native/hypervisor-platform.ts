import { existsSync } from "node:fs";
import { system32, type Koffi } from "./koffi.ts";

/** `absent`: the Windows Hypervisor Platform is not installed. `idle`: it is, and no hypervisor runs. */
export type HypervisorPlatformFact = "absent" | "idle" | "ready";

/** WHvCapabilityCodeHypervisorPresent (WinHvPlatformDefs.h): a BOOL. */
const HYPERVISOR_PRESENT = 0;

/** Whether QEMU's WHPX accelerator could work here. A failing call counts as `idle`. */
export function queryHypervisorPlatform(koffi: Koffi): HypervisorPlatformFact {
  const library = system32("WinHvPlatform.dll");
  if (!existsSync(library)) return "absent";
  const capability = koffi
    .load(library)
    .func("int32_t WHvGetCapability(int32_t code, void *buffer, uint32_t size, void *written)") as (
    // As in the prototype.
    code: number,
    buffer: Buffer,
    size: number,
    written: Buffer,
  ) => number;
  const present = Buffer.alloc(4);
  const result = capability(HYPERVISOR_PRESENT, present, present.length, Buffer.alloc(4));
  return result === 0 && present.readUInt32LE() !== 0 ? "ready" : "idle";
}
