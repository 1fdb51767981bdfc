import type { Attachment, ComputeSystemDocument, Devices, VirtualMachine } from "../hcs-types.ts";
import { chardev, serviceChardev, serviceIds, unixChannels, type Channels } from "./channels.ts";
import { portId } from "./links.ts";
import { machineArguments, machineKernelWords, type Accelerator } from "./machine.ts";
import type { NetworkBackend } from "./network.ts";
import { device, option } from "./option.ts";
import { blockdevOptions, scsiDeviceOptions, SCSI_BUS_DEVICE } from "./scsi-options.ts";

/** A file behind the guest's memory; without one it is QEMU's own. */
export interface MemoryFile {
  readonly path: string;
  /** The guest's writes go to the file; otherwise they stay in this process. */
  readonly shared: boolean;
}

export interface ArgumentsSpec {
  /** As {@link validateDocument} returned it. */
  readonly document: ComputeSystemDocument;
  readonly accelerator: Accelerator;
  /** One per network adapter of the document, by endpoint id. */
  readonly networks: ReadonlyMap<string, NetworkBackend>;
  /** How QEMU and we are joined; by default by inherited sockets. */
  readonly channels?: Channels | undefined;
  readonly memory?: MemoryFile | undefined;
  /** Where QEMU runs; by default on Linux. */
  readonly platform?: NodeJS.Platform | undefined;
  /** Waits for the state of a saved machine instead of booting. */
  readonly incoming?: boolean | undefined;
}

const MEMORY = "memory-0";

/**
 * The command line for a document: pure, total, and the only place that knows both languages. QMP is on stdio, the
 * processor is stopped until `cont`, so that no event is lost before QMP listens.
 */
export function qemuArguments(spec: ArgumentsSpec): readonly string[] {
  const { document, accelerator, networks, memory } = spec;
  const machine = document.VirtualMachine;
  const { channels = unixChannels(machine.Devices) } = spec;
  return [
    ...machineArguments(accelerator.name, memory ? `microvm,memory-backend=${MEMORY}` : "microvm"),
    "-S",
    ...option("chardev", "stdio,id=qmp,signal=off"),
    ...option("mon", "chardev=qmp,mode=control"),
    ...option("m", `${machine.ComputeTopology.Memory.SizeInMB}M`),
    ...option("smp", `${machine.ComputeTopology.Processor.Count}`),
    ...kernelArguments(machine, accelerator),
    ...consoleArguments(channels),
    ...serviceArguments(machine.Devices, channels),
    ...scsiArguments(machine.Devices),
    ...networkArguments(machine.Devices, networks),
    ...memoryArguments(machine, { file: memory, windows: spec.platform === "win32" }),
    ...(spec.incoming ? option("incoming", "defer") : []),
    ...device({ driver: "virtio-rng-device" }),
  ];
}

function kernelArguments({ Chipset }: VirtualMachine, accelerator: Accelerator): readonly string[] {
  const { KernelFilePath, InitRdPath, KernelCmdLine } = Chipset.LinuxKernelDirect;
  const initrd = InitRdPath === undefined ? [] : option("initrd", InitRdPath);
  // Words after ` -- ` go to init, so the machine's come first.
  const words = [...machineKernelWords(accelerator), KernelCmdLine].join(" ");
  return [...option("kernel", KernelFilePath), ...initrd, ...option("append", words)];
}

function consoleArguments({ console }: Channels): readonly string[] {
  if (!console) return option("serial", "null");
  return [...chardev("console", console), ...option("serial", "chardev:console")];
}

function serviceArguments(devices: Devices, { services }: Channels): readonly string[] {
  const ids = serviceIds(devices);
  if (ids.length === 0) return [];
  const ports = services.flatMap((channel, index) => [
    ...chardev(serviceChardev(index), channel),
    ...device({
      driver: "virtserialport",
      // With an id QEMU tells when the guest opens the port.
      id: portId(index),
      bus: "services.0",
      nr: index + 1,
      name: ids[index] ?? "",
      chardev: serviceChardev(index),
    }),
  ]);
  return [...device({ driver: "virtio-serial-device", id: "services" }), ...ports];
}

function scsiArguments({ Scsi }: Devices): readonly string[] {
  const controller = Scsi?.["0"];
  if (!controller) return [];
  const disks = Object.entries(controller.Attachments ?? {}).flatMap(([lun, attachment]) =>
    diskArguments(Number(lun), attachment),
  );
  return [...device({ driver: "virtio-scsi-device", id: SCSI_BUS_DEVICE }), ...disks];
}

function diskArguments(lun: number, attachment: Attachment): readonly string[] {
  return [
    ...option("blockdev", JSON.stringify(blockdevOptions(lun, attachment))),
    ...device(scsiDeviceOptions(lun)),
  ];
}

function networkArguments(
  { NetworkAdapters }: Devices,
  networks: ReadonlyMap<string, NetworkBackend>,
): readonly string[] {
  return Object.values(NetworkAdapters ?? {}).flatMap(({ EndpointId, MacAddress }, index) => {
    const backend = networks.get(EndpointId);
    if (!backend) return [];
    const options = Object.entries(backend).map(([key, value]) => `${key}=${value}`);
    return [
      ...option("netdev", [`user,id=net-${index}`, ...options].join(",")),
      ...device({
        driver: "virtio-net-device",
        netdev: `net-${index}`,
        mac: MacAddress.toLowerCase().replaceAll("-", ":"),
      }),
    ];
  });
}

interface MemoryHost {
  readonly file: MemoryFile | undefined;
  readonly windows: boolean;
}

function memoryArguments(
  { ComputeTopology }: VirtualMachine,
  { file, windows }: MemoryHost,
): readonly string[] {
  const { SizeInMB, EnableColdDiscardHint } = ComputeTopology.Memory;
  const backend = file && {
    "qom-type": "memory-backend-file",
    id: MEMORY,
    size: SizeInMB * 1024 ** 2,
    "mem-path": file.path,
    share: file.shared,
  };
  return [
    ...(backend ? option("object", JSON.stringify(backend)) : []),
    // On Windows QEMU cannot give pages back, and complains of each.
    ...(EnableColdDiscardHint && !windows
      ? device({ driver: "virtio-balloon-device", "free-page-reporting": true })
      : []),
  ];
}
