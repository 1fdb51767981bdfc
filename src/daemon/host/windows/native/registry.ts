import { openLibrary, type Koffi, type KoffiLibrary, type Pointer } from "./koffi.ts";

/** winreg.h: handles of the roots, sign-extended as the header's casts do. */
export const roots = { currentUser: 0xffffffff80000001n, localMachine: 0xffffffff80000002n } as const;
type Root = (typeof roots)[keyof typeof roots];

const RRF_RT_REG_SZ = 0x2;
const RRF_RT_REG_DWORD = 0x10;
const KEY_READ = 0x20019;
/** A path; longer values are none of ours. */
const TEXT_BYTES = 4096;

/** A number in the registry; undefined when the key or value does not exist, or has another type. */
export function registryNumber(koffi: Koffi, root: Root, key: string, value: string): number | undefined {
  const data = Buffer.alloc(4);
  return getValue(koffi, [root, key, value, RRF_RT_REG_DWORD, data]) ? data.readUInt32LE() : undefined;
}

/** A string in the registry; undefined as with {@link registryNumber}. */
export function registryText(koffi: Koffi, root: Root, key: string, value: string): string | undefined {
  const data = Buffer.alloc(TEXT_BYTES);
  if (!getValue(koffi, [root, key, value, RRF_RT_REG_SZ, data])) return undefined;
  return data.toString("utf16le").split("\0", 1)[0];
}

function getValue(
  koffi: Koffi,
  [root, key, value, flags, data]: readonly [Root, string, string, number, Buffer],
): boolean {
  const get = advapi(koffi).func(
    "int32_t RegGetValueW(void *key, str16 subkey, str16 value, uint32_t flags, void *type, void *data, void *size)",
    // As in the prototype.
  ) as (...args: readonly [Root, string, string, number, null, Buffer, Buffer]) => number;
  const size = Buffer.alloc(4);
  size.writeUInt32LE(data.length);
  return get(root, key, value, flags, null, data, size) === 0;
}

/** How many keys are below this one; zero when it does not exist. */
export function registryKeys(koffi: Koffi, root: Root, key: string): number {
  const library = advapi(koffi);
  // Each type is that of the prototype in the string beside it.
  const open = library.func(
    "int32_t RegOpenKeyExW(void *key, str16 subkey, uint32_t options, uint32_t access, _Out_ void **result)",
  ) as (...args: readonly [Root, string, number, number, [Pointer]]) => number;
  const information = library.func(
    "int32_t RegQueryInfoKeyW(void *key, void *class, void *classLength, void *reserved, void *subkeys, void *, void *, void *, void *, void *, void *, void *)",
  ) as (...args: readonly (Pointer | Buffer)[]) => number;
  const close = library.func("int32_t RegCloseKey(void *key)") as (key: Pointer) => number;
  const opened: [Pointer] = [null];
  if (open(root, key, 0, KEY_READ, opened) !== 0) return 0;
  try {
    const count = Buffer.alloc(4);
    const rest = Array.from({ length: 7 }, () => null);
    return information(opened[0], null, null, null, count, ...rest) === 0 ? count.readUInt32LE() : 0;
  } finally {
    close(opened[0]);
  }
}

function advapi(koffi: Koffi): KoffiLibrary {
  return openLibrary(koffi, "advapi32.dll");
}
