import { FileError } from "../../errors/file-error.ts";
import { S_IFDIR } from "../../linux.ts";
import { encodeNewName, type FileFacts } from "./information.ts";
import { access, fileInformation, posixReplace } from "./nt.ts";
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
    if (!makeRoom(volume, volume.factsOf(source), from, to)) return;
    const result = volume.ntfs.change(
      source,
      fileInformation.renameEx,
      encodeNewName(posixReplace, to.directory, to.name),
    );
    if (!isUnsupported(result)) {
      checked(result);
      return;
    }
    volume.change(source, fileInformation.rename, encodeNewName(REPLACE, to.directory, to.name));
  });
}

/** False when there is nothing to do. Windows itself replaces no directories. */
function makeRoom(volume: WindowsVolume, source: FileFacts, from: WindowsName, to: WindowsName): boolean {
  const found = volume.look(to.directory, to.name);
  if (!found) return true;
  if (found.fileId === source.fileId) {
    // "If oldpath and newpath are existing hard links referring to the same file, then rename() does nothing" (rename(2));
    // but the same name in other letters is to be written so.
    const respelled = from.directory === to.directory && from.name !== to.name;
    return respelled && from.name.toLowerCase() === to.name.toLowerCase();
  }
  const replacing = typeOf(source) === S_IFDIR;
  const replaced = typeOf(found) === S_IFDIR;
  if (replacing && !replaced) throw new FileError("ENOTDIR");
  if (!replacing && replaced) throw new FileError("EISDIR");
  if (replaced) {
    volume.using(to.directory, to.name, { access: removingAccess }, (directory) =>
      removeOpened(volume, directory, volume.factsOf(directory).attributes),
    );
  }
  return true;
}

/** link(2): a further name. EEXIST when it is taken, EPERM for a directory. */
export function linkName(volume: WindowsVolume, from: WindowsName, to: WindowsName): void {
  const how = { access: access.writeAttributes | lookingAccess };
  volume.using(from.directory, from.name, how, (source) => {
    if (typeOf(volume.factsOf(source)) === S_IFDIR) throw new FileError("EPERM");
    volume.change(source, fileInformation.link, encodeNewName(0, to.directory, to.name));
  });
}
