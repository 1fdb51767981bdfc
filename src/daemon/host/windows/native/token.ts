import { openLibrary, type Koffi, type Pointer } from "./koffi.ts";
import { win32Error } from "./win32-error.ts";

/** What this process may do. */
export interface RightsFact {
  /** An administrator's rights are in force, and not only at hand. */
  readonly elevated: boolean;
  readonly hyperVAdministrator: boolean;
}

/** Well-known SIDs: names of groups are localised. */
const ADMINISTRATORS = "S-1-5-32-544";
const HYPER_V_ADMINISTRATORS = "S-1-5-32-578";

/** Asks through koffi and not through vmp.node: doctor has to work where that cannot be loaded. Raises `unavailable`. */
export function queryRights(koffi: Koffi): RightsFact {
  return {
    elevated: isMember(koffi, ADMINISTRATORS),
    hyperVAdministrator: isMember(koffi, HYPER_V_ADMINISTRATORS),
  };
}

/** Whether the group counts in this process's token: an administrator who is not elevated has it for denials only. */
function isMember(koffi: Koffi, group: string): boolean {
  const advapi = openLibrary(koffi, "advapi32.dll");
  const kernel = openLibrary(koffi, "kernel32.dll");
  // Each type is that of the prototype in the string beside it.
  const toSid = advapi.func("int ConvertStringSidToSidW(str16 text, _Out_ void **sid)") as (
    text: string,
    sid: [Pointer],
  ) => number;
  const isInToken = advapi.func("int CheckTokenMembership(void *token, void *sid, void *member)") as (
    token: null,
    sid: Pointer,
    member: Buffer,
  ) => number;
  const free = kernel.func("void *LocalFree(void *memory)") as (memory: Pointer) => Pointer;
  const lastError = kernel.func("uint32_t GetLastError()") as () => number;

  const sid: [Pointer] = [null];
  if (!toSid(group, sid)) throw win32Error("ConvertStringSidToSidW", lastError());
  try {
    const member = Buffer.alloc(4);
    if (!isInToken(null, sid[0], member)) throw win32Error("CheckTokenMembership", lastError());
    return member.readUInt32LE() !== 0;
  } finally {
    free(sid[0]);
  }
}
