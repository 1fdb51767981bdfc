import type { ComputeSystemDocument } from "../hcs-types.ts";
import type { GrantRequest } from "./file-grants.ts";

/** Every file that the machine will open. */
export function documentFiles({ VirtualMachine }: ComputeSystemDocument): readonly GrantRequest[] {
  const { Chipset, Devices, GuestState, RestoreState } = VirtualMachine;
  const { KernelFilePath, InitRdPath } = Chipset.LinuxKernelDirect;
  const disks = Object.values(Devices.Scsi ?? {}).flatMap(({ Attachments }) =>
    Object.values(Attachments ?? {}),
  );
  return [
    { path: KernelFilePath, readOnly: true },
    ...(InitRdPath === undefined ? [] : [{ path: InitRdPath, readOnly: true }]),
    ...disks.map(({ Path, ReadOnly = false }) => ({ path: Path, readOnly: ReadOnly })),
    ...(GuestState ? [{ path: GuestState.RuntimeStateFilePath, readOnly: false }] : []),
    ...(RestoreState ? [{ path: RestoreState.SaveStateFilePath, readOnly: true }] : []),
  ];
}
