import { ADMINISTRATOR, FAULT, type HresultTable } from "./meaning.ts";

/** HCS_E_*: what computecore.dll says. Names and numbers as in hcsshim and Microsoft's reference. */
export const hcsHresults: HresultTable = {
  0x80370100: {
    name: "HCS_E_TERMINATED_DURING_START",
    code: "unavailable",
    meaning: "the virtual machine ended while it started",
    remedy: "See its last words: tswsl logs --console",
  },
  0x80370102: {
    name: "HCS_E_HYPERV_NOT_INSTALLED",
    code: "unavailable",
    meaning: "the Windows hypervisor does not run",
    remedy:
      "Find out which part is missing: tswsl doctor. Virtualisation must be on in the firmware (VT-x, AMD-V or SVM) and " +
      `the hypervisor started with Windows: bcdedit /set hypervisorlaunchtype auto, ${ADMINISTRATOR}, then restart. ` +
      "When Windows itself runs in a Hyper-V machine, on that machine's host: " +
      "Set-VMProcessor -VMName NAME -ExposeVirtualizationExtensions $true",
  },
  0x80370105: {
    name: "HCS_E_INVALID_STATE",
    code: "invalid-state",
    meaning: "the virtual machine's state does not allow it",
  },
  0x80370106: {
    name: "HCS_E_UNEXPECTED_EXIT",
    code: "disconnected",
    meaning: "the virtual machine died",
    remedy: "See its last words: tswsl logs --console. The next command starts it again.",
  },
  0x80370107: {
    name: "HCS_E_TERMINATED",
    code: "invalid-state",
    meaning: "the virtual machine was terminated",
  },
  0x80370108: {
    name: "HCS_E_CONNECT_FAILED",
    code: "disconnected",
    meaning: "the guest could not be connected to",
    remedy: "See what it says: tswsl logs --console",
  },
  0x80370109: {
    name: "HCS_E_CONNECTION_TIMEOUT",
    code: "timeout",
    meaning: "the guest did not answer in time",
    remedy: "See how far it came: tswsl logs --console",
  },
  0x8037010a: {
    name: "HCS_E_CONNECTION_CLOSED",
    code: "disconnected",
    meaning: "the guest closed the connection",
    remedy: "See what it says: tswsl logs --console",
  },
  0x8037010c: {
    name: "HCS_E_UNSUPPORTED_PROTOCOL_VERSION",
    code: "unsupported",
    meaning: "this Windows does not know the document's schema version",
    remedy: "Windows 10 2004 (build 19041) or newer is needed; see yours: winver",
  },
  0x8037010d: {
    name: "HCS_E_INVALID_JSON",
    code: "invalid-argument",
    meaning: "the Host Compute Service refuses the document",
    remedy:
      "This build of Windows may not know a property of it. The document: tswsl debug document. " +
      "Windows's side: Event Viewer, Microsoft-Windows-Hyper-V-Compute-Operational",
  },
  0x8037010e: {
    name: "HCS_E_SYSTEM_NOT_FOUND",
    code: "not-found",
    meaning: "there is no such virtual machine",
  },
  0x8037010f: {
    name: "HCS_E_SYSTEM_ALREADY_EXISTS",
    code: "exists",
    meaning: "a virtual machine with this id exists",
    remedy: `End what was left over, ${ADMINISTRATOR}: hcsdiag list, then: hcsdiag kill ID`,
  },
  0x80370110: {
    name: "HCS_E_SYSTEM_ALREADY_STOPPED",
    code: "invalid-state",
    meaning: "the virtual machine has stopped already",
  },
  0x80370113: {
    name: "HCS_E_WINDOWS_INSIDER_REQUIRED",
    code: "unsupported",
    meaning: "only an Insider build of Windows can do this",
  },
  0x80370114: {
    name: "HCS_E_SERVICE_NOT_AVAILABLE",
    code: "unavailable",
    meaning: "the Host Compute Service (vmcompute) is missing or does not run",
    remedy:
      `Switch the Virtual Machine Platform on, ${ADMINISTRATOR}: tswsl install --no-distribution, then restart Windows. ` +
      "When it is on already: sc query vmcompute, and: sc start vmcompute",
  },
  0x80370115: {
    name: "HCS_E_OPERATION_NOT_STARTED",
    code: "internal",
    meaning: "the operation was never started",
    remedy: FAULT,
  },
  0x80370116: {
    name: "HCS_E_OPERATION_ALREADY_STARTED",
    code: "internal",
    meaning: "the operation is in use",
    remedy: FAULT,
  },
  0x80370117: {
    name: "HCS_E_OPERATION_PENDING",
    code: "internal",
    meaning: "the operation has no result yet",
    remedy: FAULT,
  },
  0x80370118: {
    name: "HCS_E_OPERATION_TIMEOUT",
    code: "timeout",
    meaning: "the Host Compute Service did not answer in time",
    remedy: `Look at the service: sc query vmcompute. To restart it, ${ADMINISTRATOR}: net stop vmcompute, then: net start vmcompute`,
  },
  0x80370119: {
    name: "HCS_E_OPERATION_SYSTEM_CALLBACK_ALREADY_SET",
    code: "internal",
    meaning: "the virtual machine has another kind of callback",
    remedy: FAULT,
  },
  0x8037011a: {
    name: "HCS_E_OPERATION_RESULT_ALLOCATION_FAILED",
    code: "unavailable",
    meaning: "there was no memory for the result",
    remedy: "Close other programs, then try again.",
  },
  0x8037011b: {
    name: "HCS_E_ACCESS_DENIED",
    code: "permission",
    meaning: "this user may not use the Host Compute Service",
    remedy:
      `Start the daemon ${ADMINISTRATOR}, let tswsl's service do it, or join the group 'Hyper-V Administrators' ` +
      "(S-1-5-32-578) and sign in anew. What you may do: tswsl doctor",
  },
  0x8037011c: {
    name: "HCS_E_GUEST_CRITICAL_ERROR",
    code: "disconnected",
    meaning: "the guest's kernel crashed",
    remedy: "See its last words: tswsl logs --console. The next command starts it again.",
  },
  0x8037011e: {
    name: "HCS_E_SERVICE_DISCONNECT",
    code: "disconnected",
    meaning: "the Host Compute Service (vmcompute) stopped, and every virtual machine with it",
    remedy: "The next command starts it again. When it does not: sc query vmcompute",
  },
};
