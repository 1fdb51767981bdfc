import { access, attributes, fileInformation, posixDelete } from "./nt.ts";
import { encodeBasic, encodeFlags } from "./information.ts";
import { checked, isUnsupported, type WindowsVolume } from "./volume.ts";

/** With what a file is opened that is to be removed. */
export const removingAccess = access.delete | access.readAttributes;

/**
 * Removes what the handle stands for. On NTFS the name is free at once, whoever has the file open, as POSIX has it; elsewhere
 * when the last handle is closed. `found` are its FILE_ATTRIBUTE_*: on Linux the read-only ones can be removed too.
 */
export function removeOpened(volume: WindowsVolume, handle: number, found: number): void {
  const { ntfs } = volume;
  const result = ntfs.change(handle, fileInformation.dispositionEx, encodeFlags(posixDelete));
  if (!isUnsupported(result)) {
    checked(result);
    return;
  }
  if ((found & attributes.readOnly) !== 0) makeWritable(volume, handle, found);
  // FILE_DISPOSITION_INFORMATION is a BOOLEAN.
  volume.change(handle, fileInformation.disposition, encodeFlags(1).subarray(0, 1));
}

function makeWritable(volume: WindowsVolume, handle: number, found: number): void {
  const wanted = found & ~attributes.readOnly || attributes.normal;
  volume.using(handle, "", { access: access.writeAttributes }, (again) =>
    volume.change(again, fileInformation.basic, encodeBasic({ attributes: wanted })),
  );
}
