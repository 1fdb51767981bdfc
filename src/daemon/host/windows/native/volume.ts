import { openLibrary, type Koffi } from "./koffi.ts";
import { win32Error } from "./win32-error.ts";

/** The folder that holds the store, and the volume below it. */
export interface VolumeFact {
  /** `NTFS`, `ReFS`, `exFAT` */
  readonly fileSystem: string;
  /** Of the folder: what is made in it inherits both, and virtual disks may be neither. */
  readonly compressed: boolean;
  readonly encrypted: boolean;
}

// winnt.h
const INVALID_FILE_ATTRIBUTES = 0xffffffff;
const FILE_ATTRIBUTE_COMPRESSED = 0x800;
const FILE_ATTRIBUTE_ENCRYPTED = 0x4000;
const FILE_VOLUME_IS_COMPRESSED = 0x8000;
const MAX_PATH = 260;

/** Looks at an existing folder. Raises `unavailable` with Windows's error. */
export function queryVolume(koffi: Koffi, path: string): VolumeFact {
  const kernel = openLibrary(koffi, "kernel32.dll");
  // Each type is that of the prototype in the string beside it.
  const lastError = kernel.func("uint32_t GetLastError()") as () => number;
  const attributesOf = kernel.func("uint32_t GetFileAttributesW(str16 path)") as (path: string) => number;
  const rootOf = kernel.func("int GetVolumePathNameW(str16 path, void *root, uint32_t length)") as (
    path: string,
    root: Buffer,
    length: number,
  ) => number;
  const informationOf = kernel.func(
    "int GetVolumeInformationW(void *root, void *name, uint32_t nameLength, void *serial, void *component, void *flags, void *system, uint32_t systemLength)",
  ) as (...args: readonly (Buffer | number | null)[]) => number;

  const attributes = attributesOf(path);
  if (attributes === INVALID_FILE_ATTRIBUTES) throw win32Error("GetFileAttributesW", lastError());
  const root = Buffer.alloc(2 * MAX_PATH);
  if (!rootOf(path, root, MAX_PATH)) throw win32Error("GetVolumePathNameW", lastError());
  const flags = Buffer.alloc(4);
  const system = Buffer.alloc(2 * MAX_PATH);
  if (!informationOf(root, null, 0, null, null, flags, system, MAX_PATH)) {
    throw win32Error("GetVolumeInformationW", lastError());
  }
  return {
    fileSystem: wideText(system),
    compressed:
      (attributes & FILE_ATTRIBUTE_COMPRESSED) !== 0 ||
      (flags.readUInt32LE() & FILE_VOLUME_IS_COMPRESSED) !== 0,
    encrypted: (attributes & FILE_ATTRIBUTE_ENCRYPTED) !== 0,
  };
}

/** A zero-terminated UTF-16 string. */
function wideText(buffer: Buffer): string {
  return buffer.toString("utf16le").split("\0", 1)[0] ?? "";
}
