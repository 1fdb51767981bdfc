import { win32 } from "node:path";
import type { NtfsModule } from "../../../../native/ntfs/native.d.ts";
import { FileError } from "../../errors/file-error.ts";
import type { FileSystemStatistics } from "../../file-system.ts";
import { NAME_MAX, S_IFDIR, S_IFIFO, S_IFLNK, S_IFREG, S_IFSOCK } from "../../linux.ts";
import type { HostDirectory, HostFile, HostStats, ListedName, NewFile, Times } from "../host-directory.ts";
import { type NameWatch, type OnName, watchNames } from "../watch-names.ts";
import { changeMode, changeOwner, changeTimes, changingAccess, setMetadata } from "./changes.ts";
import type { DrvfsOptions } from "./drvfs-options.ts";
import { encodeExtended } from "./extended-attributes.ts";
import { decodeFullSize, decodeListing, encodeFlags, type FileFacts } from "./information.ts";
import { metadataAttributes } from "./metadata.ts";
import { linuxName, newWindowsName, windowsName } from "./names.ts";
import {
  access,
  attributes,
  control,
  disposition,
  fileInformation,
  openOptions,
  reparseTag,
  status,
  volumeInformation,
} from "./nt.ts";
import { openFile, tryOpenFile } from "./opening.ts";
import { encodeTag } from "./reparse.ts";
import { removeOpened, removingAccess } from "./removal.ts";
import { linkName, renameName } from "./renaming.ts";
import { type LinkForm, linuxLink, targetOf, windowsLink } from "./symlinks.ts";
import { checked, lookingAccess, type OpenHow, WindowsVolume } from "./volume.ts";
import { WindowsFile } from "./windows-file.ts";
import { listedStats, typeOf, windowsStats } from "./windows-stats.ts";

/** V9FS_MAGIC of linux/magic.h, as in linux-directory.ts. */
const V9FS_MAGIC = 0x0102_1997;
const LIST_BYTES = 64 * 1024;

/**
 * A directory of Windows by handle. Each name is looked up in it by itself (NtCreateFile with a RootDirectory), so that no
 * name of the client's is ever a path, and every open says FILE_OPEN_REPARSE_POINT, so that no link is ever followed.
 */
export class WindowsDirectory implements HostDirectory {
  readonly staysWhileOpen = true;
  readonly #volume: WindowsVolume;
  readonly #handle: number;
  /** Where it was when it was opened. */
  readonly #path: string;

  private constructor(volume: WindowsVolume, handle: number, path: string) {
    this.#volume = volume;
    this.#handle = handle;
    this.#path = path;
  }

  /** ENOENT, ENOTDIR. The path itself may lead through links: it is the owner's, not the client's. */
  static open(path: string, ntfs: NtfsModule, options: DrvfsOptions = {}): WindowsDirectory {
    const whole = win32.toNamespacedPath(win32.resolve(path));
    const name = whole.replace(/^\\\\\?\\/, "\\??\\");
    const handle = checked(
      ntfs.open(
        0,
        name,
        lookingAccess,
        disposition.open,
        openOptions.directory | openOptions.forBackup,
        0,
        null,
      ),
    );
    try {
      return new WindowsDirectory(new WindowsVolume(ntfs, handle, options), handle, whole);
    } catch (error) {
      ntfs.close(handle);
      throw error;
    }
  }

  lstat(name: string): HostStats | undefined {
    const spelled = windowsName(name);
    const volume = this.#volume;
    const found = volume.looking(this.#handle, spelled, (handle) => {
      const facts = volume.factsOf(handle);
      const target = typeOf(facts) === S_IFLNK ? targetOf(volume, handle).length : undefined;
      return { facts, target };
    });
    if (found) return this.#shown(found.facts, found.target);
    const facts = volume.look(this.#handle, spelled);
    return facts && this.#shown(facts);
  }

  stat(): HostStats {
    return this.#shown(this.#volume.factsOf(this.#handle));
  }

  /** By a handle of its own, which needs the right to list where ours need none, and where the listing begins. */
  list(): readonly ListedName[] {
    const how = { access: access.readData, options: openOptions.directory };
    return this.#volume.using(this.#handle, "", how, (handle) => this.#listedBy(handle));
  }

  #listedBy(handle: number): readonly ListedName[] {
    const bytes = Buffer.alloc(LIST_BYTES);
    const found: ListedName[] = [];
    for (let restart = true; ; restart = false) {
      const length = this.#volume.ntfs.list(handle, fileInformation.idBothDirectory, restart, bytes, null);
      // The root of an empty volume has not even dots.
      if (length === status.noMoreFiles || length === status.noSuchFile) return found;
      checked(length);
      for (const file of decodeListing(bytes.subarray(0, length))) {
        const name = linuxName(file.name);
        // No file system of Windows has such; a broken one might.
        if (/[/\0]/.test(name)) continue;
        found.push({ name, stats: listedStats(file, this.#volume.facts) });
      }
    }
  }

  openDirectory(name: string): HostDirectory {
    const spelled = name === "." ? "" : windowsName(name);
    const how = { access: lookingAccess, options: openOptions.directory };
    const volume = this.#volume;
    let handle = volume.tryOpen(this.#handle, spelled, how);
    // Whoever may not read it can still go through it.
    if (handle === status.accessDenied)
      handle = volume.tryOpen(this.#handle, spelled, { ...how, access: access.readAttributes });
    checked(handle);
    try {
      // A junction is a directory to Windows.
      if (typeOf(volume.factsOf(handle)) !== S_IFDIR) throw new FileError("ENOTDIR");
      return new WindowsDirectory(volume, handle, win32.join(this.#path, spelled));
    } catch (error) {
      volume.close(handle);
      throw error;
    }
  }

  open(name: string, flags: number): HostFile {
    return openFile(this.#volume, this.#handle, windowsName(name), flags);
  }

  create(name: string, flags: number, made: NewFile): HostFile {
    const how = this.#newFile(S_IFREG | made.mode, made);
    const file = tryOpenFile(this.#volume, this.#handle, newWindowsName(name), { flags, how });
    checked(file.handle);
    return new WindowsFile(this.#volume, file, flags);
  }

  mkdir(name: string, made: NewFile): void {
    const volume = this.#volume;
    const handle = volume.open(this.#handle, newWindowsName(name), {
      ...this.#newFile(S_IFDIR | made.mode, made),
      access: access.readAttributes,
      options: openOptions.directory,
    });
    try {
      if (volume.options.case === "dir") this.#tellCapitalsApart(handle);
    } finally {
      volume.close(handle);
    }
  }

  /** Not every volume can: then they do not matter in it. */
  #tellCapitalsApart(handle: number): void {
    const volume = this.#volume;
    const how = { access: access.writeAttributes | access.changeEntries, options: openOptions.directory };
    const again = volume.tryOpen(handle, "", how);
    if (again < 0) return;
    volume.ntfs.change(again, fileInformation.caseSensitive, encodeFlags(1));
    volume.close(again);
  }

  /** A link that programs of Windows can follow too, where that can be had; else one of Linux's, as on WSL. */
  symlink(name: string, target: string, made: NewFile): void {
    const form = windowsLink(this.#volume, this.#handle, target);
    if (!form) return this.#makeReparsePoint(name, S_IFLNK | 0o777, made, linuxLink(target));
    try {
      this.#makeReparsePoint(name, S_IFLNK | 0o777, made, form);
    } catch (error) {
      // Windows lets administrators make its own links, and in developer mode everybody.
      if (!(error instanceof FileError) || error.code !== "EPERM") throw error;
      this.#makeReparsePoint(name, S_IFLNK | 0o777, made, linuxLink(target));
    }
  }

  /** As WSL makes them. A device would be whichever the guest has of this number: EPERM. */
  async mknod(name: string, type: number, made: NewFile): Promise<void> {
    const tag = { [S_IFIFO]: reparseTag.lxFifo, [S_IFSOCK]: reparseTag.afUnix }[type];
    if (tag === undefined) throw new FileError("EPERM");
    this.#makeReparsePoint(name, type | made.mode, made, { reparse: encodeTag(tag), directory: false });
  }

  readlink(name: string): string {
    const how = { access: access.readAttributes };
    return this.#volume.using(this.#handle, windowsName(name), how, (handle) =>
      targetOf(this.#volume, handle),
    );
  }

  link(name: string, directory: HostDirectory, newName: string): void {
    const from = { directory: this.#handle, name: windowsName(name) };
    const to = { directory: this.#ours(directory).#handle, name: newWindowsName(newName) };
    linkName(this.#volume, from, to);
  }

  rename(name: string, directory: HostDirectory, newName: string): void {
    const from = { directory: this.#handle, name: windowsName(name) };
    const to = { directory: this.#ours(directory).#handle, name: newWindowsName(newName) };
    renameName(this.#volume, from, to);
  }

  unlink(name: string): void {
    this.#remove(name, (type) => {
      if (type === S_IFDIR) throw new FileError("EISDIR");
    });
  }

  rmdir(name: string): void {
    this.#remove(name, (type) => {
      if (type !== S_IFDIR) throw new FileError("ENOTDIR");
    });
  }

  chmod(name: string, mode: number): void {
    this.#changing(name, changingAccess.mode(this.#volume), (handle) =>
      changeMode(this.#volume, handle, mode),
    );
  }

  chown(name: string, uid: number | undefined, gid: number | undefined): void {
    this.#changing(name, changingAccess.owner(this.#volume), (handle) =>
      changeOwner(this.#volume, handle, { uid, gid }),
    );
  }

  setTimes(name: string, times: Times): void {
    this.#changing(name, changingAccess.times(), (handle) => changeTimes(this.#volume, handle, times));
  }

  statfs(): FileSystemStatistics {
    const bytes = Buffer.alloc(32);
    checked(this.#volume.ntfs.queryVolume(this.#handle, volumeInformation.fullSize, bytes));
    const { units, callerUnits, freeUnits, unitBytes } = decodeFullSize(bytes);
    return {
      type: V9FS_MAGIC,
      blockSize: unitBytes,
      blocks: units,
      freeBlocks: freeUnits,
      availableBlocks: callerUnits,
      files: 0,
      freeFiles: 0,
      id: 0,
      nameLength: NAME_MAX,
    };
  }

  /** NTFS writes names down in its journal, in order; there is no call for one directory. */
  async fsync(): Promise<void> {}

  /**
   * By its path, which may lead elsewhere meanwhile: what is heard are names to look at, and they are looked up by handle.
   * libuv gives them as UTF-8.
   */
  watch(onName: OnName): NameWatch {
    return watchNames(this.#path, (name) =>
      onName(name === undefined ? undefined : linuxName(Buffer.from(name, "latin1").toString())),
    );
  }

  close(): void {
    this.#volume.close(this.#handle);
  }

  /** `.` is the directory itself, which its handle's empty name opens. */
  #changing(name: string, rights: number, change: (handle: number) => void): void {
    const spelled = name === "." ? "" : windowsName(name);
    this.#volume.using(this.#handle, spelled, { access: rights }, change);
  }

  #shown(facts: FileFacts, target?: number): HostStats {
    return windowsStats(facts, this.#volume.facts, { options: this.#volume.options, target });
  }

  /** How a file or directory is made. Its metadata come with it, so that nobody sees it without. */
  #newFile(mode: number, { uid, gid }: NewFile): Omit<OpenHow, "access"> {
    const { metadata } = this.#volume.options;
    const extended = metadata === true ? encodeExtended(metadataAttributes({ uid, gid, mode })) : undefined;
    const closed = (mode & 0o222) === 0 && metadata !== true;
    return {
      disposition: disposition.create,
      attributes: closed ? attributes.readOnly : attributes.normal,
      extended,
    };
  }

  #makeReparsePoint(name: string, mode: number, { uid, gid }: NewFile, form: LinkForm): void {
    const volume = this.#volume;
    if (!volume.keepsReparsePoints) throw new FileError("EPERM");
    const how = {
      access: removingAccess | access.writeData | access.writeAttributes | access.writeExtended,
      disposition: disposition.create,
      options: form.directory ? openOptions.directory : openOptions.notDirectory,
    };
    volume.using(this.#handle, newWindowsName(name), how, (handle) => {
      const result = volume.ntfs.control(handle, control.setReparsePoint, form.reparse, null);
      if (result < 0) removeOpened(volume, handle, 0);
      checked(result);
      // After the tag: NTFS has not always let a file with extended attributes have one.
      if (volume.options.metadata === true) setMetadata(volume, handle, { uid, gid, mode });
    });
  }

  #remove(name: string, check: (type: number) => void): void {
    const volume = this.#volume;
    volume.using(this.#handle, windowsName(name), { access: removingAccess }, (handle) => {
      const facts = volume.factsOf(handle);
      check(typeOf(facts));
      removeOpened(volume, handle, facts.attributes);
    });
  }

  #ours(directory: HostDirectory): WindowsDirectory {
    if (directory instanceof WindowsDirectory && directory.#volume === this.#volume) return directory;
    throw new FileError("EXDEV");
  }
}
