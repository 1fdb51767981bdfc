import { checkDiskFormat } from "./disk-format.ts";
import type { Attachment, ComputeSystemDocument, ModifySettingRequest } from "../../../src/vm/hcs-types.ts";

/** Gives the Linux path of a Windows path that the document names, or refuses it. */
export type FileUse = (path: string) => string;

export interface LinuxDocument {
  /** The pipe of ttyS0; empty for none. */
  readonly pipe: string;
  readonly endpoints: readonly string[];
  /** The document with Linux paths, and this socket in place of the pipe. */
  readonly translated: (console: string) => ComputeSystemDocument;
}

/** A ComputeSystem document as src/vm/qemu takes it. It is valid by the schema; what QEMU cannot serve is found there. */
export function toLinuxDocument(value: object, use: FileUse): LinuxDocument {
  // Valid by its schema, of which this type is a part; src/vm/qemu refuses the rest.
  const document = value as ComputeSystemDocument;
  const machine = document.VirtualMachine;
  const { Chipset, Devices, GuestState, RestoreState } = machine;
  const { KernelFilePath, InitRdPath, ...kernel } = Chipset.LinuxKernelDirect;
  const LinuxKernelDirect = {
    ...kernel,
    KernelFilePath: use(KernelFilePath),
    ...(InitRdPath === undefined ? {} : { InitRdPath: use(InitRdPath) }),
  };
  const Scsi = mapValues(Devices.Scsi ?? {}, (controller) => ({
    ...controller,
    Attachments: mapValues(controller.Attachments ?? {}, (attachment) => toLinuxAttachment(attachment, use)),
  }));
  const states = {
    ...(GuestState ? { GuestState: { RuntimeStateFilePath: use(GuestState.RuntimeStateFilePath) } } : {}),
    ...(RestoreState ? { RestoreState: { SaveStateFilePath: use(RestoreState.SaveStateFilePath) } } : {}),
  };
  return {
    pipe: Devices.ComPorts?.["0"]?.NamedPipe ?? "",
    endpoints: Object.values(Devices.NetworkAdapters ?? {}).map(({ EndpointId }) => EndpointId),
    translated: (console) => ({
      ...document,
      VirtualMachine: {
        ...machine,
        ...states,
        Chipset: { ...Chipset, LinuxKernelDirect },
        Devices: { ...Devices, Scsi, ComPorts: { 0: { NamedPipe: console } } },
      },
    }),
  };
}

/** A ModifySettingRequest as src/vm/qemu takes it. */
export function toLinuxRequest(request: ModifySettingRequest, use: FileUse): ModifySettingRequest {
  const { Settings } = request;
  if (typeof Settings !== "object" || Settings === null || !("Path" in Settings)) return request;
  // The one kind of settings with a path; src/vm/qemu checks the rest.
  return { ...request, Settings: toLinuxAttachment(Settings as Attachment, use) };
}

function toLinuxAttachment(attachment: Attachment, use: FileUse): Attachment {
  const path = use(attachment.Path);
  checkDiskFormat(path);
  return { ...attachment, Path: path };
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
