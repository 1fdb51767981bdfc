import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { cpus } from "node:os";
import type { ComputeSystemDocument } from "../hcs-types.ts";
import { qemuArguments } from "./arguments.ts";
import type { Qemu } from "./find-qemu.ts";
import type { Accelerator } from "./machine.ts";

export interface StateKeyParts {
  readonly document: ComputeSystemDocument;
  readonly qemu: Qemu;
  readonly accelerator: Accelerator;
}

/**
 * What a saved machine depends on, as a hash: QEMU itself, this processor, the whole command line but for names that
 * only this start has, and the files it boots from by size and time.
 */
export async function stateKey({ document, qemu, accelerator }: StateKeyParts): Promise<string> {
  const { Chipset, Devices } = document.VirtualMachine;
  const { KernelFilePath, InitRdPath } = Chipset.LinuxKernelDirect;
  const images = Object.values(Devices.Scsi?.["0"]?.Attachments ?? {}).map(({ Path }) => Path);
  const files = [qemu.binary, KernelFilePath, InitRdPath ?? KernelFilePath, ...images];
  const facts = {
    args: qemuArguments({ document: withoutNames(document), accelerator, networks: new Map() }),
    macs: Object.values(Devices.NetworkAdapters ?? {}).map(({ MacAddress }) => MacAddress.toLowerCase()),
    qemu: qemu.version,
    processor: cpus()[0]?.model,
    files: await Promise.all(files.map(identity)),
  };
  return createHash("sha256").update(JSON.stringify(facts)).digest("hex").slice(0, 32);
}

/** The console's socket and the endpoint are on the host's side of a device that is the same. */
function withoutNames(document: ComputeSystemDocument): ComputeSystemDocument {
  const { ComPorts: _, NetworkAdapters: __, ...devices } = document.VirtualMachine.Devices;
  const { GuestState: ___, RestoreState: ____, ...machine } = document.VirtualMachine;
  return { ...document, VirtualMachine: { ...machine, Devices: devices } };
}

async function identity(path: string): Promise<string> {
  const { size, mtimeMs, ino } = await stat(path);
  return `${path} ${size} ${mtimeMs} ${ino}`;
}
