import { ADMINISTRATOR, FAULT, type HresultTable } from "./meaning.ts";

/** HCN_E_* and GCN_E_*: what computenetwork.dll says, and HNS behind it. */
export const hcnHresults: HresultTable = {
  0x803b0001: {
    name: "HCN_E_NETWORK_NOT_FOUND",
    code: "not-found",
    meaning: "there is no such virtual network",
    remedy: "It is made anew after: tswsl shutdown",
  },
  0x803b0002: {
    name: "HCN_E_ENDPOINT_NOT_FOUND",
    code: "not-found",
    meaning: "there is no such network endpoint",
    remedy: "It is made anew after: tswsl shutdown",
  },
  0x803b0006: {
    name: "HCN_E_ADAPTER_NOT_FOUND",
    code: "unavailable",
    meaning: "a network adapter is missing",
    remedy: "Restart Windows; see what is missing: tswsl doctor",
  },
  0x803b000a: {
    name: "HCN_E_INVALID_NETWORK",
    code: "invalid-argument",
    meaning: "the network document is refused",
    remedy: FAULT,
  },
  0x803b000b: {
    name: "HCN_E_INVALID_NETWORK_TYPE",
    code: "invalid-argument",
    meaning: "the kind of network is refused",
    remedy: FAULT,
  },
  0x803b000c: {
    name: "HCN_E_INVALID_ENDPOINT",
    code: "invalid-argument",
    meaning: "the endpoint document is refused",
    remedy: FAULT,
  },
  0x803b000d: {
    name: "HCN_E_INVALID_POLICY",
    code: "invalid-argument",
    meaning: "a network policy is refused",
    remedy: FAULT,
  },
  0x803b0010: {
    name: "HCN_E_NETWORK_ALREADY_EXISTS",
    code: "exists",
    meaning: "a virtual network with this id or name exists",
    remedy: `See which, ${ADMINISTRATOR}: hnsdiag list networks. One called tswsl is left over: hnsdiag delete networks ID`,
  },
  0x803b0013: {
    name: "HCN_E_PORT_ALREADY_EXISTS",
    code: "exists",
    meaning: "the switch port of a virtual machine is left over",
    remedy:
      "tswsl removes its own at the next start: tswsl shutdown, then try again. Restarting Windows removes all.",
  },
  0x803b0014: {
    name: "HCN_E_ENDPOINT_ALREADY_ATTACHED",
    code: "invalid-state",
    meaning: "the network endpoint is attached to another virtual machine",
    remedy: "tswsl makes a new one at the next start: tswsl shutdown, then try again",
  },
  0x803b0015: {
    name: "HCN_E_REQUEST_UNSUPPORTED",
    code: "unsupported",
    meaning: "this Windows's network service cannot do it",
    remedy: "See which part is missing: tswsl doctor",
  },
  0x803b0017: {
    name: "HCN_E_DEGRADED_OPERATION",
    code: "unavailable",
    meaning: "the host's virtual network is damaged",
    remedy: `Restart the service, ${ADMINISTRATOR}: net stop hns, then: net start hns`,
  },
  0x803b0018: {
    name: "HCN_E_SHARED_SWITCH_MODIFICATION",
    code: "invalid-state",
    meaning: "the virtual switch is shared and cannot be changed",
  },
  0x803b0019: {
    name: "HCN_E_GUID_CONVERSION_FAILURE",
    code: "internal",
    meaning: "an id is no GUID",
    remedy: FAULT,
  },
  0x803b001b: {
    name: "HCN_E_INVALID_JSON",
    code: "invalid-argument",
    meaning: "the network service refuses the document",
    remedy: "The document: tswsl debug document",
  },
  0x803b001e: {
    name: "HCN_E_INVALID_IP",
    code: "invalid-argument",
    meaning: "an address is not in the network or in use",
    remedy: "tswsl takes another one at the next start: tswsl shutdown, then try again",
  },
  0x803b0020: {
    name: "HCN_E_MANAGER_STOPPED",
    code: "unavailable",
    meaning: "the Host Network Service is stopping",
    remedy: `Start it ${ADMINISTRATOR}: sc start hns, then try again`,
  },
  0x803b0025: {
    name: "GCN_E_NETADAPTER_TIMEOUT",
    code: "timeout",
    meaning: "the host's virtual network adapter did not come up",
    remedy: "Restart Windows; VPN clients and firewalls that hold on to adapters are the usual cause",
  },
  0x803b0026: {
    name: "GCN_E_NETADAPTER_NOT_FOUND",
    code: "unavailable",
    meaning: "the host's virtual network adapter is missing",
    remedy: "Restart Windows; VPN clients and firewalls that hold on to adapters are the usual cause",
  },
  0x803b002a: {
    name: "HCN_E_ICS_DISABLED",
    code: "unavailable",
    meaning: "Internet Connection Sharing is disabled, by its service or by a policy",
    remedy:
      `Allow the service, ${ADMINISTRATOR}: sc config SharedAccess start= demand. When a policy forbids it: gpedit.msc, ` +
      "Network Connections, 'Prohibit use of Internet Connection Sharing'",
  },
  0x803b002c: {
    name: "HCN_E_ENTITY_HAS_REFERENCES",
    code: "invalid-state",
    meaning: "the virtual network is still in use",
    remedy: "End what uses it: tswsl shutdown, then try again",
  },
  0x803b002f: {
    name: "HCN_E_ADDR_INVALID_OR_RESERVED",
    code: "unavailable",
    meaning: "the network's addresses are reserved or used by another network of this host",
    remedy: "See what the host uses: tswsl doctor, and: Get-NetNat (PowerShell)",
  },
  0x803b0030: {
    name: "HCN_E_INVALID_PREFIX",
    code: "invalid-argument",
    meaning: "the length of a network prefix is refused",
    remedy: FAULT,
  },
  0x803b0032: {
    name: "HCN_E_INVALID_SUBNET",
    code: "invalid-argument",
    meaning: "a subnet is refused",
    remedy: FAULT,
  },
  0x803b0033: {
    name: "HCN_E_INVALID_IP_SUBNET",
    code: "invalid-argument",
    meaning: "the addresses of a subnet are refused",
    remedy: FAULT,
  },
  0x803b0034: {
    name: "HCN_E_ENDPOINT_NOT_ATTACHED",
    code: "invalid-state",
    meaning: "the network endpoint is attached to nothing",
  },
  0x803b0037: {
    name: "HCN_E_VFP_NOT_ALLOWED",
    code: "unavailable",
    meaning: "the switch's filter driver (vfpext) is not allowed on this network",
    remedy: "See the services: tswsl doctor",
  },
};
