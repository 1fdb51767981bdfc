import { ADMINISTRATOR, type HresultTable } from "./meaning.ts";

/** HRESULTs of Windows in general, of virtdisk.dll and of DISM that reach a user of virtual machines. */
export const windowsHresults: HresultTable = {
  0x80070002: {
    name: "ERROR_FILE_NOT_FOUND",
    code: "not-found",
    meaning: "a file does not exist",
    remedy: "See what is missing: tswsl doctor",
  },
  0x80070003: {
    name: "ERROR_PATH_NOT_FOUND",
    code: "not-found",
    meaning: "a folder does not exist",
    remedy: "See what is missing: tswsl doctor",
  },
  0x80070005: {
    name: "E_ACCESSDENIED",
    code: "permission",
    meaning: "access was denied, to the service or to a file of the virtual machine",
    remedy:
      `Start the daemon ${ADMINISTRATOR}, or let tswsl's service do it. When that is so already, a file's access list ` +
      "lacks the virtual machine: icacls FILE shows it, and tswsl shutdown makes the next start grant it anew",
  },
  0x8007000e: {
    name: "E_OUTOFMEMORY",
    code: "unavailable",
    meaning: "the host has not enough memory for the virtual machine",
    remedy: "Give it less: tswsl set --memory 2G, or close other programs",
  },
  0x80070020: {
    name: "ERROR_SHARING_VIOLATION",
    code: "unavailable",
    meaning: "a disk of the virtual machine is in use by another machine or program",
    remedy: `Find it, ${ADMINISTRATOR}: hcsdiag list shows machines; unmount the disk where it is mounted, then try again`,
  },
  0x80070032: {
    name: "ERROR_NOT_SUPPORTED",
    code: "unsupported",
    meaning: "this Windows cannot do it",
    remedy: "See which part is missing: tswsl doctor",
  },
  0x80070057: {
    name: "E_INVALIDARG",
    code: "invalid-argument",
    meaning: "the Host Compute Service refuses an argument",
    remedy: "The documents it was given: tswsl debug document, and: tswsl logs",
  },
  0x80070422: {
    name: "ERROR_SERVICE_DISABLED",
    code: "unavailable",
    meaning: "a Windows service that virtual machines need is disabled",
    remedy: `See which: tswsl doctor. Then, ${ADMINISTRATOR}: sc config NAME start= demand, with vmcompute, hns or SharedAccess as the NAME`,
  },
  0x80070424: {
    name: "ERROR_SERVICE_DOES_NOT_EXIST",
    code: "unavailable",
    meaning: "a Windows service that virtual machines need does not exist",
    remedy: `Switch the Virtual Machine Platform on, ${ADMINISTRATOR}: tswsl install --no-distribution, then restart Windows`,
  },
  0x8007019e: {
    name: "ERROR_LINUX_SUBSYSTEM_NOT_PRESENT",
    code: "unavailable",
    meaning: "Windows lacks an optional component of its Linux subsystem",
    remedy: `Switch on what tswsl needs, ${ADMINISTRATOR}: tswsl install --no-distribution, then restart Windows`,
  },
  0x800704db: {
    name: "ERROR_SERVICE_NOT_FOUND",
    code: "unavailable",
    meaning: "a Windows service that virtual machines need was not found",
    remedy: `Switch the Virtual Machine Platform on, ${ADMINISTRATOR}: tswsl install --no-distribution, then restart Windows`,
  },
  0x800705aa: {
    name: "ERROR_NO_SYSTEM_RESOURCES",
    code: "unavailable",
    meaning: "the host has not enough memory for the virtual machine",
    remedy: "Give it less: tswsl set --memory 2G, or close other programs",
  },
  0x800706be: {
    name: "RPC_S_CALL_FAILED",
    code: "disconnected",
    meaning: "a Windows service ended during a call",
    remedy: "Try again. When it stays so: sc query vmcompute, and: sc query hns",
  },
  0x800706d9: {
    name: "EPT_S_NOT_REGISTERED",
    code: "unavailable",
    meaning: "a Windows service that virtual machines need does not listen",
    remedy: `Look at them: sc query vmcompute, and: sc query hns. Start them ${ADMINISTRATOR}: sc start NAME`,
  },
  0x80041002: {
    name: "WBEM_E_NOT_FOUND",
    code: "unavailable",
    meaning: "Windows's virtual networks are in a bad state",
    remedy: `Restart Windows. When it stays so, as the last resort, ${ADMINISTRATOR}: netcfg -d (it removes every network adapter), then restart`,
  },
  0xc03a001a: {
    name: "ERROR_VIRTUAL_DISK_LIMITATION",
    code: "unsupported",
    meaning: "a virtual disk lies on a compressed, encrypted or sparse file",
    remedy:
      'Take compression and encryption away from its folder: compact /u /s:"%LOCALAPPDATA%\\tswsl" /i, and: ' +
      'cipher /d "%LOCALAPPDATA%\\tswsl"',
  },
  0x800f0922: {
    name: "CBS_E_INSTALLERS_FAILED",
    code: "unavailable",
    meaning: "Windows undid the change of its features",
    remedy:
      "A network driver that does not uninstall (VMware's bridge, old VPN clients) is the usual cause: remove it in Device " +
      "Manager, restart, then: tswsl install --no-distribution. Details: %WINDIR%\\Logs\\CBS\\CBS.log",
  },
};
