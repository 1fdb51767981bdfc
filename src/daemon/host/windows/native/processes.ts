import { TswslError } from "../../../../base/errors.ts";
import { openLibrary, type Koffi, type Pointer } from "./koffi.ts";

// tlhelp32.h: PROCESSENTRY32W on 64-bit Windows is 568 bytes, its name 260 characters at 44.
const TH32CS_SNAPPROCESS = 0x2;
const ENTRY_BYTES = 568;
const NAME_AT = 44;
const INVALID_HANDLE = 0xffffffffffffffffn;

/** The file names of all processes, `vmwp.exe`; any user may see them. Raises `unavailable`. */
export function processNames(koffi: Koffi): readonly string[] {
  const kernel = openLibrary(koffi, "kernel32.dll");
  // Each type is that of the prototype in the string beside it.
  const snapshot = kernel.func("void *CreateToolhelp32Snapshot(uint32_t flags, uint32_t process)") as (
    flags: number,
    process: number,
  ) => Pointer;
  const first = kernel.func("int Process32FirstW(void *snapshot, void *entry)") as Walk;
  const next = kernel.func("int Process32NextW(void *snapshot, void *entry)") as Walk;
  const close = kernel.func("int CloseHandle(void *handle)") as (handle: Pointer) => number;

  const handle = snapshot(TH32CS_SNAPPROCESS, 0);
  if (!handle || BigInt.asUintN(64, handle) === INVALID_HANDLE) {
    throw new TswslError("unavailable", "Windows gives no list of its processes");
  }
  try {
    const entry = Buffer.alloc(ENTRY_BYTES);
    entry.writeUInt32LE(ENTRY_BYTES);
    const names: string[] = [];
    for (let more = first(handle, entry); more; more = next(handle, entry)) {
      names.push(entry.toString("utf16le", NAME_AT, NAME_AT + 520).split("\0", 1)[0] ?? "");
    }
    return names;
  } finally {
    close(handle);
  }
}

type Walk = (snapshot: Pointer, entry: Buffer) => number;
