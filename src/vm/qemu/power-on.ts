import { open } from "node:fs/promises";
import { setPriority } from "node:os";
import type { Duplex } from "node:stream";
import { Scope } from "../../base/scope.ts";
import type { ComputeSystemDocument } from "../hcs-types.ts";
import { qemuArguments, type MemoryFile } from "./arguments.ts";
import { consolePath, FIRST_LINK_FD, pipeChannels, serviceIds, unixChannels } from "./channels.ts";
import { launchQemu, type QemuProcess } from "./launch.ts";
import { ServiceLinks } from "./links.ts";
import { loadDevices } from "./migration.ts";
import { openChannels, type OpenChannelsOptions } from "./open-channels.ts";
import { QmpClient } from "./qmp.ts";
import { memoryFile, takeMemoryCopy } from "./saved-memory.ts";
import { ScsiController } from "./scsi.ts";
import { startError } from "./start-error.ts";
import type { QemuComputeSystemOptions } from "./system.ts";

/** A QEMU process whose processors have not run yet. */
export interface Machine {
  readonly process: QemuProcess;
  readonly qmp: QmpClient;
  readonly scsi: ScsiController;
  readonly links: ServiceLinks;
  /** To be called when QMP is open: fills the machine from a saved one, if that is what it is. */
  readonly restore: (signal: AbortSignal) => Promise<void>;
}

/** Starts QEMU for a document. Raises what {@link launchQemu} raises, and `unavailable` without the saved memory. */
export async function launchMachine(
  options: QemuComputeSystemOptions,
  signal: AbortSignal,
): Promise<Machine> {
  const { document, accelerator, networks, qemu } = options;
  const { Devices, GuestState } = document.VirtualMachine;
  const services = serviceIds(Devices);
  const files = new Scope();
  const saved = await openSavedState(document, FIRST_LINK_FD + services.length, files);
  const channels = process.platform === "win32" ? pipeChannels(Devices) : unixChannels(Devices);
  const args = qemuArguments({
    document,
    channels,
    platform: process.platform,
    accelerator,
    networks,
    memory: saved?.memory ?? savableMemory(document),
    incoming: saved !== undefined,
  });
  options.log.debug("starting QEMU", { id: options.id, args });
  const links = channels.services.filter(({ kind }) => kind === "descriptor").length;
  const launching = launchQemu({ binary: qemu.binary, args, links, files: saved?.descriptors ?? [] });
  // QEMU has its own descriptors of the files once it runs; with or without it, ours are of no more use.
  await Promise.allSettled([launching]);
  await files.close();
  const qemuProcess = await launching;
  // One that is made to be saved is in nobody's way.
  if (GuestState) setPriority(qemuProcess.pid, 19);
  const streams = await openOrKill(
    { channels, process: qemuProcess, console: consolePath(Devices), log: options.log },
    signal,
  );
  const qmp = new QmpClient({ input: qemuProcess.output, output: qemuProcess.input });
  const serviceLinks = new ServiceLinks(services, streams);
  qmp.onEvent(({ name, data }) => {
    if (name === "VSERPORT_CHANGE" && data["open"] === true) serviceLinks.portOpened(String(data["id"]));
  });
  const luns = Object.keys(Devices.Scsi?.["0"]?.Attachments ?? {}).map(Number);
  return {
    process: qemuProcess,
    qmp,
    scsi: new ScsiController(qmp, luns),
    links: serviceLinks,
    restore: async (signal) => {
      if (saved) await loadDevices(qmp, saved.stateDescriptor, signal);
    },
  };
}

/** A QEMU that its channels cannot be opened to is of no use: it is gone when this rejects, with its own reason if any. */
async function openOrKill(options: OpenChannelsOptions, signal: AbortSignal): Promise<readonly Duplex[]> {
  try {
    return await openChannels(options, signal);
  } catch (error) {
    options.process.kill();
    await options.process.exited;
    throw startError(error, options.process.complaints());
  }
}

function savableMemory({ VirtualMachine: { GuestState } }: ComputeSystemDocument): MemoryFile | undefined {
  return GuestState && { path: memoryFile(GuestState.RuntimeStateFilePath), shared: true };
}

interface SavedState {
  readonly memory: MemoryFile;
  readonly stateDescriptor: number;
  readonly descriptors: readonly number[];
}

async function openSavedState(
  { VirtualMachine: { RestoreState } }: ComputeSystemDocument,
  firstDescriptor: number,
  files: Scope,
): Promise<SavedState | undefined> {
  if (!RestoreState) return undefined;
  const memory = await takeMemoryCopy(RestoreState.SaveStateFilePath);
  files.defer(() => memory.close());
  const state = await open(RestoreState.SaveStateFilePath, "r");
  files.defer(() => state.close());
  return {
    memory: { path: `/proc/self/fd/${firstDescriptor}`, shared: false },
    stateDescriptor: firstDescriptor + 1,
    descriptors: [memory.fd, state.fd],
  };
}
