import { FileError } from "../../errors/file-error.ts";
import { O_ACCMODE, O_TRUNC, S_IFDIR, S_IFLNK, S_IFREG } from "../../linux.ts";
import type { HostFile } from "../host-directory.ts";
import { AppAliasFile } from "./app-alias-file.ts";
import { encodeEndOfFile, type FileFacts } from "./information.ts";
import { access, fileInformation, isNameSurrogate, openOptions, reparseTag, status } from "./nt.ts";
import { checked, lookingAccess, type OpenHow, type WindowsVolume } from "./volume.ts";
import { type OpenedFile, WindowsFile } from "./windows-file.ts";
import { typeOf } from "./windows-stats.ts";

/** FILE_* rights for O_RDONLY, O_WRONLY and O_RDWR. */
const rights = [access.readData, access.writeData, access.readData | access.writeData] as const;

/**
 * A handle with what these O_* flags need; one that may write also with the rights to change attributes, where the user has
 * them, since a file that is removed cannot be opened again for that. Or a negative status.
 */
export function tryOpenFile(
  volume: WindowsVolume,
  root: number,
  name: string,
  { flags, how = {} }: { readonly flags: number; readonly how?: Omit<OpenHow, "access"> },
): OpenedFile {
  const wanted = (rights[flags & O_ACCMODE] ?? 0) | lookingAccess;
  const options = openOptions.notDirectory;
  if ((flags & O_ACCMODE) !== 0) {
    const more = wanted | access.writeAttributes | access.writeExtended;
    const handle = volume.tryOpen(root, name, { ...how, access: more, options });
    if (handle !== status.accessDenied) return { handle, changes: true };
  }
  return { handle: volume.tryOpen(root, name, { ...how, access: wanted, options }), changes: false };
}

/** Opens a regular file, never through a link. EISDIR, ELOOP, ENXIO for what is none. */
export function openFile(volume: WindowsVolume, root: number, name: string, flags: number): HostFile {
  const file = tryOpenFile(volume, root, name, { flags });
  const { handle } = file;
  if (handle === status.fileIsADirectory)
    throw new FileError(isLink(volume, root, name) ? "ELOOP" : "EISDIR");
  checked(handle);
  let facts: FileFacts;
  try {
    facts = volume.factsOf(handle);
    checkRegular(facts);
    if (facts.tag === 0) return opened(volume, file, flags);
  } catch (error) {
    volume.close(handle);
    throw error;
  }
  volume.close(handle);
  if (facts.tag === reparseTag.appExecLink) return new AppAliasFile(volume, facts);
  return openThrough(volume, root, name, { facts, flags });
}

/**
 * Opens a file whose content somebody brings when it is opened: OneDrive's, deduplicated ones. Meanwhile another file may
 * have got the name, and be a link, which is then followed; so it must be the same one.
 */
function openThrough(
  volume: WindowsVolume,
  root: number,
  name: string,
  { facts, flags }: { readonly facts: FileFacts; readonly flags: number },
): HostFile {
  const file = tryOpenFile(volume, root, name, { flags, how: { through: true } });
  const handle = checked(file.handle);
  try {
    const same =
      volume.factsOf(handle).fileId === facts.fileId && volume.deviceOf(handle) === volume.facts.device;
    if (!same) throw new FileError("ELOOP");
    return opened(volume, file, flags);
  } catch (error) {
    volume.close(handle);
    throw error;
  }
}

function opened(volume: WindowsVolume, file: OpenedFile, flags: number): WindowsFile {
  if ((flags & O_TRUNC) !== 0 && (flags & O_ACCMODE) !== 0)
    volume.change(file.handle, fileInformation.endOfFile, encodeEndOfFile(0));
  return new WindowsFile(volume, file, flags);
}

function isLink(volume: WindowsVolume, root: number, name: string): boolean {
  const facts = volume.look(root, name);
  return facts !== undefined && typeOf(facts) === S_IFLNK;
}

function checkRegular(facts: FileFacts): void {
  const type = typeOf(facts);
  if (type === S_IFDIR) throw new FileError("EISDIR");
  if (type === S_IFLNK || isNameSurrogate(facts.tag)) throw new FileError("ELOOP");
  if (type !== S_IFREG) throw new FileError("ENXIO");
}
