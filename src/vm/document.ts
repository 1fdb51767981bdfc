import type {
  Attachment,
  ComputeSystemDocument,
  Devices,
  ModifySettingRequest,
  NetworkAdapter,
  VirtualMachineMemory,
} from "./hcs-types.ts";
import { hvSocketServiceId } from "./hv-socket.ts";

/** What the utility VM is made of. Paths are absolute. */
export interface UtilityVmSpec {
  /** On HCS a bzImage, on QEMU the uncompressed ELF, which starts faster. */
  readonly kernel: string;
  readonly initrd: string;
  /** Attached read-only as LUN {@link SYSTEM_LUN}. */
  readonly systemImage: string;
  /** Attached as LUN {@link STORE_LUN}; left out, it is added later. */
  readonly store?: string | undefined;
  readonly memoryMiB: number;
  readonly processors: number;
  /** Named pipe or unix socket for ttyS0; somebody must listen and drain it. */
  readonly console: string;
  /** Absent: no network. */
  readonly adapter?: NetworkAdapter | undefined;
  /** HvSocket ports of services in the guest. */
  readonly ports: readonly number[];
  /** More words for the kernel command line. */
  readonly kernelArguments?: readonly string[] | undefined;
}

/** The one SCSI controller; the guest finds a disk as `<host>:0:0:<lun>`. */
const SCSI_CONTROLLER = "0";
const SYSTEM_LUN = 0;
export const STORE_LUN = 1;

/** Windows 10 2004, the first with everything we use. */
const schemaVersion = { Major: 2, Minor: 3 } as const;

/** The HCS v2 document of the utility VM: the same on every host but for its paths. */
export function computeSystemDocument(spec: UtilityVmSpec): ComputeSystemDocument {
  return {
    Owner: "tswsl",
    SchemaVersion: schemaVersion,
    // The safety net: the machine dies with its owner, even when that crashes.
    ShouldTerminateOnLastHandleClosed: true,
    VirtualMachine: {
      StopOnReset: true,
      Chipset: {
        UseUtc: true,
        LinuxKernelDirect: {
          KernelFilePath: spec.kernel,
          InitRdPath: spec.initrd,
          KernelCmdLine: kernelCommandLine(spec),
        },
      },
      ComputeTopology: { Memory: memory(spec.memoryMiB), Processor: { Count: spec.processors } },
      Devices: devices(spec),
    },
  };
}

/** The document for a machine that can be saved to this file, which exists. */
export function savable(document: ComputeSystemDocument, file: string): ComputeSystemDocument {
  return withMachine(document, { GuestState: { RuntimeStateFilePath: file } });
}

/** The document for a machine that goes on where the one saved to this file stopped. */
export function restoredFrom(document: ComputeSystemDocument, file: string): ComputeSystemDocument {
  return withMachine(document, { RestoreState: { SaveStateFilePath: file } });
}

function withMachine(
  document: ComputeSystemDocument,
  change: Partial<ComputeSystemDocument["VirtualMachine"]>,
): ComputeSystemDocument {
  return { ...document, VirtualMachine: { ...document.VirtualMachine, ...change } };
}

/** Hot-adds a disk to the running system. */
export function addDisk(lun: number, attachment: Attachment): ModifySettingRequest {
  return { ResourcePath: attachmentPath(lun), RequestType: "Add", Settings: attachment };
}

/** Takes a disk away from the running system; the guest has let go of it before. */
export function removeDisk(lun: number): ModifySettingRequest {
  return { ResourcePath: attachmentPath(lun), RequestType: "Remove" };
}

/** A disk image as HCS wants it described; raw images and VHDX alike. */
export function diskAttachment(path: string, options: { readOnly: boolean }): Attachment {
  return {
    Type: "VirtualDisk",
    Path: path,
    ReadOnly: options.readOnly,
    SupportCompressedVolumes: true,
    AlwaysAllowSparseFiles: true,
    SupportEncryptedFiles: true,
  };
}

function attachmentPath(lun: number): string {
  return `VirtualMachine/Devices/Scsi/${SCSI_CONTROLLER}/Attachments/${lun}`;
}

/** HCS takes even sizes only. Commit on touch, and pages that the guest reports free go back to the host. */
function memory(mebibytes: number): VirtualMachineMemory {
  return {
    SizeInMB: mebibytes - (mebibytes % 2),
    AllowOvercommit: true,
    EnableDeferredCommit: true,
    EnableColdDiscardHint: true,
  };
}

/**
 * WSL's words where they apply (WslCoreVm.cpp). What depends on the machine that the service emulates is added by
 * the service.
 */
function kernelCommandLine({ processors, kernelArguments = [] }: UtilityVmSpec): string {
  return [
    // A panic resets the machine at once, which StopOnReset turns into an exit.
    "panic=-1",
    `nr_cpus=${processors}`,
    "hv_utils.timesync_implicit=1",
    "printk.devkmsg=on",
    // 2^9 pages: whole huge pages, so that reporting does not split them.
    "page_reporting.page_reporting_order=9",
    "console=ttyS0,115200",
    // An emulated UART has no quirk to look for.
    "8250_core.skip_txen_test=1",
    "pty.legacy_count=0",
    // Every byte on the UART is an exit to the host; warnings and worse still get there.
    "quiet",
    ...kernelArguments,
  ].join(" ");
}

function devices(spec: UtilityVmSpec): Devices {
  const disks: Record<string, Attachment> = {
    [SYSTEM_LUN]: diskAttachment(spec.systemImage, { readOnly: true }),
    ...(spec.store === undefined ? {} : { [STORE_LUN]: diskAttachment(spec.store, { readOnly: false }) }),
  };
  const adapters = spec.adapter ? { NetworkAdapters: { [spec.adapter.EndpointId]: spec.adapter } } : {};
  const services = Object.fromEntries(spec.ports.map((port) => [hvSocketServiceId(port), {}]));
  return {
    ComPorts: { 0: { NamedPipe: spec.console } },
    Scsi: { [SCSI_CONTROLLER]: { Attachments: disks } },
    ...adapters,
    HvSocket: { HvSocketConfig: { ServiceTable: services } },
  };
}
