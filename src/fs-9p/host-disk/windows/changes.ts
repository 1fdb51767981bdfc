import { FileError } from "../../errors/file-error.ts";
import { S_IFLNK } from "../../linux.ts";
import type { Times } from "../host-directory.ts";
import { allowedMode } from "../allowed-mode.ts";
import { encodeExtended } from "./extended-attributes.ts";
import { fileTime } from "./file-time.ts";
import { encodeBasic } from "./information.ts";
import { type MetadataChange, metadataAttributes } from "./metadata.ts";
import { access, attributes, fileInformation } from "./nt.ts";
import { checked, lookingAccess, type WindowsVolume } from "./volume.ts";
import { typeOf } from "./windows-stats.ts";

/** With what a file is opened that is to be changed so. Changes are of what a handle stands for, links themselves included. */
export const changingAccess = {
  mode: (volume: WindowsVolume): number =>
    lookingAccess | access.writeAttributes | (volume.options.metadata === true ? access.writeExtended : 0),
  owner: (volume: WindowsVolume): number =>
    access.readAttributes | (volume.options.metadata === true ? access.writeExtended : 0),
  times: (): number => access.writeAttributes,
} as const;

/**
 * Without metadata only whether anybody may write matters: that is Windows's read-only attribute. With it that is not set, but
 * taken away from what somebody shall be able to write.
 */
export function changeMode(volume: WindowsVolume, handle: number, mode: number): void {
  const facts = volume.factsOf(handle);
  const type = typeOf(facts);
  if (type === S_IFLNK) throw new FileError("EOPNOTSUPP");
  const metadata = volume.options.metadata === true;
  if (metadata) setMetadata(volume, handle, { mode: type | allowedMode(type | (mode & 0o7777)) });
  const { readOnly } = attributes;
  const found = facts.attributes;
  const closed = metadata ? found : found | readOnly;
  const wanted = (mode & 0o222) === 0 ? closed : found & ~readOnly;
  // Zero would leave them as they are.
  if (wanted !== found)
    volume.change(handle, fileInformation.basic, encodeBasic({ attributes: wanted || attributes.normal }));
}

/** Without metadata files belong to whom the mount says, and giving them away does nothing, as on WSL. */
export function changeOwner(
  volume: WindowsVolume,
  handle: number,
  owner: Pick<MetadataChange, "uid" | "gid">,
): void {
  if (volume.options.metadata === true) setMetadata(volume, handle, owner);
}

export function changeTimes(volume: WindowsVolume, handle: number, { accessed, modified }: Times): void {
  const change = encodeBasic({
    accessed: accessed && fileTime(accessed),
    modified: modified && fileTime(modified),
  });
  volume.change(handle, fileInformation.basic, change);
}

export function setMetadata(volume: WindowsVolume, handle: number, change: MetadataChange): void {
  checked(volume.ntfs.changeAttributes(handle, encodeExtended(metadataAttributes(change))));
}
