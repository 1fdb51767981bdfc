import { TswslError } from "../../../../base/errors.ts";
import { openLibrary, type Koffi } from "./koffi.ts";

/** What runs below Windows. */
export interface HypervisorFact {
  /** CPUID leaf 0x40000000: `Microsoft Hv`; undefined without a hypervisor. */
  readonly vendor: string | undefined;
  /** This Windows may make partitions: it is the root, or a guest with nested virtualisation. */
  readonly createsPartitions: boolean;
}

/** The processor's virtualisation, as Windows sees it. False as well where a hypervisor has taken it already. */
export interface FirmwareFact {
  readonly virtualisation: boolean;
  readonly secondLevelTranslation: boolean;
}

/** SYSTEM_INFORMATION_CLASS, and the size of what it gives: seven CPUID leaves of 16 bytes, from 0x40000000 on. */
const SystemHypervisorDetailInformation = 159;
const DETAIL_BYTES = 7 * 16;
/** EBX of leaf 0x40000003, bit 0: CreatePartitions (Hypervisor Top-Level Functional Specification, 2.4.4). */
const FEATURES_EBX = 3 * 16 + 4;

const STATUS_INVALID_INFO_CLASS = 0xc0000003;
const STATUS_NOT_IMPLEMENTED = 0xc0000002;

/**
 * The hypervisor's CPUID leaves as the kernel kept them: JavaScript cannot execute CPUID. Raises `unsupported` where the
 * kernel does not tell (Wine), which says nothing about a hypervisor.
 */
export function queryHypervisor(koffi: Koffi): HypervisorFact {
  const query = openLibrary(koffi, "ntdll.dll").func(
    "int32_t NtQuerySystemInformation(int32_t class, void *buffer, uint32_t size, void *needed)",
  ) as (
    // As in the prototype.
    kind: number,
    buffer: Buffer,
    size: number,
    needed: Buffer,
  ) => number;
  const details = Buffer.alloc(DETAIL_BYTES);
  const status = query(SystemHypervisorDetailInformation, details, DETAIL_BYTES, Buffer.alloc(4)) >>> 0;
  if (status === STATUS_INVALID_INFO_CLASS || status === STATUS_NOT_IMPLEMENTED) {
    throw new TswslError("unsupported", "this Windows does not tell which hypervisor runs it");
  }
  if (status !== 0) {
    throw new TswslError("unavailable", `NtQuerySystemInformation failed with 0x${status.toString(16)}`);
  }
  return hypervisorOf(details);
}

/** Reads SYSTEM_HYPERVISOR_DETAIL_INFORMATION. Without a hypervisor all of it is zero. */
export function hypervisorOf(details: Buffer): HypervisorFact {
  const vendor = details.toString("latin1", 4, 16).replace(/\0+$/, "");
  return {
    vendor: vendor === "" ? undefined : vendor,
    createsPartitions: (details.readUInt32LE(FEATURES_EBX) & 1) === 1,
  };
}

// winnt.h
const PF_SECOND_LEVEL_ADDRESS_TRANSLATION = 20;
const PF_VIRT_FIRMWARE_ENABLED = 21;

export function queryFirmware(koffi: Koffi): FirmwareFact {
  const isPresent = openLibrary(koffi, "kernel32.dll")
    // As in the prototype.
    .func("int IsProcessorFeaturePresent(uint32_t feature)") as (feature: number) => number;
  return {
    virtualisation: isPresent(PF_VIRT_FIRMWARE_ENABLED) !== 0,
    secondLevelTranslation: isPresent(PF_SECOND_LEVEL_ADDRESS_TRANSLATION) !== 0,
  };
}
