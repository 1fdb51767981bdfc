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

/** Changes of what has a name in a directory, or with the empty name of the handle's own file. Links are changed themselves. */

/** Without metadata only whether anybody may write matters: that is Windows's read-only attribute. */
export function changeMode(volume: WindowsVolume, root: number, name: string, mode: number): void {
  const metadata = volume.options.metadata === true;
  const right = metadata ? access.writeExtended : access.writeAttributes;
  volume.using(root, name, { access: lookingAccess | right }, (handle) => {
    const facts = volume.factsOf(handle);
    const type = typeOf(facts);
    if (type === S_IFLNK) throw new FileError("EOPNOTSUPP");
    if (metadata) return setMetadata(volume, handle, { mode: type | allowedMode(type | (mode & 0o7777)) });
    const { readOnly } = attributes;
    const found = facts.attributes;
    const wanted = (mode & 0o222) === 0 ? found | readOnly : found & ~readOnly;
    // Zero would leave them as they are.
    if (wanted !== found)
      volume.change(handle, fileInformation.basic, encodeBasic({ attributes: wanted || attributes.normal }));
  });
}

/** Without metadata files belong to whom the mount says, and giving them away does nothing, as on WSL. */
export function changeOwner(
  volume: WindowsVolume,
  root: number,
  name: string,
  owner: Pick<MetadataChange, "uid" | "gid">,
): void {
  if (volume.options.metadata !== true) return;
  const how = { access: access.writeExtended | access.readAttributes };
  volume.using(root, name, how, (handle) => setMetadata(volume, handle, owner));
}

export function changeTimes(volume: WindowsVolume, root: number, name: string, times: Times): void {
  const change = encodeBasic({
    accessed: times.accessed && fileTime(times.accessed),
    modified: times.modified && fileTime(times.modified),
  });
  volume.using(root, name, { access: access.writeAttributes }, (handle) =>
    volume.change(handle, fileInformation.basic, change),
  );
}

export function setMetadata(volume: WindowsVolume, handle: number, change: MetadataChange): void {
  checked(volume.ntfs.changeAttributes(handle, encodeExtended(metadataAttributes(change))));
}
