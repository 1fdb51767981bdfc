import { FileError } from "../../errors/file-error.ts";
import { S_IFDIR } from "../../linux.ts";
import { encodeNewName, type FileFacts } from "./information.ts";
import { access, disposition, fileInformation, openOptions, posixReplace } from "./nt.ts";
import { removeOpened, removingAccess } from "./removal.ts";
import { checked, isUnsupported, lookingAccess, type WindowsVolume } from "./volume.ts";
import { typeOf } from "./windows-stats.ts";

/** A name, as NTFS has it, in an open directory. */
export interface WindowsName {
  readonly directory: number;
  readonly name: string;
}

/** FILE_RENAME_INFORMATION's ReplaceIfExists. */
const REPLACE = 1;

/** rename(2), with its rules for what is replaced. */
export function renameName(volume: WindowsVolume, from: WindowsName, to: WindowsName): void {
  volume.using(from.directory, from.name, { access: removingAccess }, (source) => {
    const kind = kindOf(volume, volume.factsOf(source), from, to);
    if (kind === "nothing") return;
    const result = tryRename(volume, source, to);
    if (result < 0 && kind === "over a directory") renameOverDirectory(volume, source, to);
    else checked(result);
  });
}

function tryRename({ ntfs }: WindowsVolume, source: number, { directory, name }: WindowsName): number {
  const result = ntfs.change(source, fileInformation.renameEx, encodeNewName(posixReplace, directory, name));
  if (!isUnsupported(result)) return result;
  return ntfs.change(source, fileInformation.rename, encodeNewName(REPLACE, directory, name));
}

/** Where Windows replaces no directories the old one goes first; it comes back when its place cannot be taken. */
function renameOverDirectory(volume: WindowsVolume, source: number, to: WindowsName): void {
  volume.using(to.directory, to.name, { access: removingAccess }, (directory) =>
    removeOpened(volume, directory, volume.factsOf(directory).attributes),
  );
  const result = tryRename(volume, source, to);
  if (result >= 0) return;
  const how = {
    access: access.readAttributes,
    disposition: disposition.create,
    options: openOptions.directory,
  };
  const again = volume.tryOpen(to.directory, to.name, how);
  if (again >= 0) volume.close(again);
  checked(result);
}

type Kind = "nothing" | "over a directory" | "plain";

function kindOf(volume: WindowsVolume, source: FileFacts, from: WindowsName, to: WindowsName): Kind {
  const found = volume.look(to.directory, to.name);
  if (!found) return "plain";
  if (found.fileId === source.fileId) {
    // "If oldpath and newpath are existing hard links referring to the same file, then rename() does nothing" (rename(2));
    // but the same name in other letters is to be written so.
    const respelled = from.directory === to.directory && from.name !== to.name;
    return respelled && from.name.toLowerCase() === to.name.toLowerCase() ? "plain" : "nothing";
  }
  const replacing = typeOf(source) === S_IFDIR;
  const replaced = typeOf(found) === S_IFDIR;
  if (replacing && !replaced) throw new FileError("ENOTDIR");
  if (!replacing && replaced) throw new FileError("EISDIR");
  return replaced ? "over a directory" : "plain";
}

/** link(2): a further name. EEXIST when it is taken, EPERM for a directory. */
export function linkName(volume: WindowsVolume, from: WindowsName, to: WindowsName): void {
  const how = { access: access.writeAttributes | lookingAccess };
  volume.using(from.directory, from.name, how, (source) => {
    if (typeOf(volume.factsOf(source)) === S_IFDIR) throw new FileError("EPERM");
    volume.change(source, fileInformation.link, encodeNewName(0, to.directory, to.name));
  });
}
