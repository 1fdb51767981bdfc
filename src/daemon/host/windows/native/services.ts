import { openLibrary, type Koffi, type Pointer } from "./koffi.ts";
import { win32Error } from "./win32-error.ts";

/** A service or driver as the Service Control Manager knows it. */
export interface ServiceFact {
  readonly state: "absent" | "stopped" | "running" | "changing";
  readonly disabled: boolean;
}

// winsvc.h
const SC_MANAGER_CONNECT = 0x1;
const SERVICE_QUERY_CONFIG = 0x1;
const SERVICE_QUERY_STATUS = 0x4;
const SERVICE_STOPPED = 1;
const SERVICE_RUNNING = 4;
const SERVICE_DISABLED = 4;
/** ERROR_SERVICE_DOES_NOT_EXIST */
const NO_SUCH_SERVICE = 1060;
/** The largest QUERY_SERVICE_CONFIGW. */
const CONFIG_BYTES = 8192;

/** Asks about a service; needs no rights beyond those of any user. Raises `unavailable` with Windows's error. */
export function queryService(koffi: Koffi, name: string): ServiceFact {
  const calls = serviceCalls(koffi);
  const manager = calls.openManager(null, null, SC_MANAGER_CONNECT);
  if (!manager) throw win32Error("OpenSCManagerW", calls.lastError());
  try {
    const service = calls.open(manager, name, SERVICE_QUERY_STATUS | SERVICE_QUERY_CONFIG);
    if (!service) {
      const error = calls.lastError();
      if (error === NO_SUCH_SERVICE) return { state: "absent", disabled: false };
      throw win32Error("OpenServiceW", error);
    }
    try {
      return { state: stateOf(calls, service), disabled: isDisabled(calls, service) };
    } finally {
      calls.close(service);
    }
  } finally {
    calls.close(manager);
  }
}

type ServiceCalls = ReturnType<typeof serviceCalls>;

function serviceCalls(koffi: Koffi) {
  const advapi = openLibrary(koffi, "advapi32.dll");
  const kernel = openLibrary(koffi, "kernel32.dll");
  // Each type is that of the prototype in the string beside it.
  return {
    openManager: advapi.func("void *OpenSCManagerW(void *machine, void *database, uint32_t access)") as (
      machine: null,
      database: null,
      access: number,
    ) => Pointer,
    open: advapi.func("void *OpenServiceW(void *manager, str16 name, uint32_t access)") as (
      manager: Pointer,
      name: string,
      access: number,
    ) => Pointer,
    status: advapi.func("int QueryServiceStatus(void *service, void *status)") as (
      service: Pointer,
      status: Buffer,
    ) => number,
    config: advapi.func(
      "int QueryServiceConfigW(void *service, void *config, uint32_t size, void *needed)",
    ) as (service: Pointer, config: Buffer, size: number, needed: Buffer) => number,
    close: advapi.func("int CloseServiceHandle(void *handle)") as (handle: Pointer) => number,
    lastError: kernel.func("uint32_t GetLastError()") as () => number,
  };
}

function stateOf(calls: ServiceCalls, service: Pointer): ServiceFact["state"] {
  // SERVICE_STATUS: seven DWORDs, the second is the state.
  const status = Buffer.alloc(28);
  if (!calls.status(service, status)) throw win32Error("QueryServiceStatus", calls.lastError());
  const state = status.readUInt32LE(4);
  if (state === SERVICE_RUNNING) return "running";
  return state === SERVICE_STOPPED ? "stopped" : "changing";
}

function isDisabled(calls: ServiceCalls, service: Pointer): boolean {
  // QUERY_SERVICE_CONFIGW: the second DWORD is the start type.
  const config = Buffer.alloc(CONFIG_BYTES);
  if (!calls.config(service, config, config.length, Buffer.alloc(4))) {
    throw win32Error("QueryServiceConfigW", calls.lastError());
  }
  return config.readUInt32LE(4) === SERVICE_DISABLED;
}
