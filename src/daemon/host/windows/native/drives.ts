import { openLibrary, type Koffi } from "./koffi.ts";

/** GetDriveTypeW's answer for a disk that stays where it is; fileapi.h. */
const DRIVE_FIXED = 3;
/** GetFileAttributesW's for what cannot be looked at. */
const INVALID_FILE_ATTRIBUTES = 0xffff_ffff;
const LETTERS = 26;

/**
 * The roots of this computer's own drives, `C:\`, as far as they can be used: a memory stick, a share and a disk that
 * BitLocker has locked are none of them. Raises `unavailable` where Windows lacks the calls.
 */
export function fixedDrives(koffi: Koffi): readonly string[] {
  const kernel = openLibrary(koffi, "kernel32.dll");
  // Each type is that of the prototype in the string beside it.
  const present = kernel.func("uint32_t GetLogicalDrives()") as () => number;
  const typeOf = kernel.func("uint32_t GetDriveTypeW(str16 root)") as (root: string) => number;
  const attributesOf = kernel.func("uint32_t GetFileAttributesW(str16 path)") as (path: string) => number;

  const mask = present();
  return Array.from({ length: LETTERS }, (_, index) => index)
    .filter((index) => (mask & (1 << index)) !== 0)
    .map((index) => `${String.fromCharCode("A".charCodeAt(0) + index)}:\\`)
    .filter((root) => typeOf(root) === DRIVE_FIXED && attributesOf(root) !== INVALID_FILE_ATTRIBUTES);
}
