/**
 * The HCS v2 documents that tswsl writes and reads, in the spelling of Microsoft's schema. Only the properties in use
 * are here; tests/fixtures/hcs-schema.json has the whole, and a test holds what we write against it.
 */

interface Version {
  readonly Major: number;
  readonly Minor: number;
}

/** The document for `HcsCreateComputeSystem`. */
export interface ComputeSystemDocument {
  readonly Owner: string;
  readonly SchemaVersion: Version;
  readonly ShouldTerminateOnLastHandleClosed: boolean;
  readonly VirtualMachine: VirtualMachine;
}

export interface VirtualMachine {
  /** A reset of the guest ends the system. */
  readonly StopOnReset: boolean;
  readonly Chipset: Chipset;
  readonly ComputeTopology: Topology;
  readonly Devices: Devices;
  /** A machine that can be saved. */
  readonly GuestState?: GuestState;
  /** A machine that goes on where a saved one stopped; all else must be as it was there. */
  readonly RestoreState?: RestoreState;
}

interface GuestState {
  /** An existing file, empty at first, to which the machine is saved. */
  readonly RuntimeStateFilePath: string;
}

interface RestoreState {
  readonly SaveStateFilePath: string;
}

/** The options of `HcsSaveComputeSystem`. */
export interface SaveOptions {
  readonly SaveType: "ToFile";
  /** On every service the file that the document's GuestState names. */
  readonly SaveStateFilePath: string;
}

interface Chipset {
  readonly UseUtc?: boolean;
  readonly LinuxKernelDirect: LinuxKernelDirect;
}

interface LinuxKernelDirect {
  readonly KernelFilePath: string;
  readonly InitRdPath?: string;
  readonly KernelCmdLine: string;
}

interface Topology {
  readonly Memory: VirtualMachineMemory;
  readonly Processor: VirtualMachineProcessor;
}

export interface VirtualMachineMemory {
  /** MiB, a multiple of 2. */
  readonly SizeInMB: number;
  readonly AllowOvercommit?: boolean;
  /** Needs AllowOvercommit. */
  readonly EnableDeferredCommit?: boolean;
  /** The guest may give free pages back. */
  readonly EnableColdDiscardHint?: boolean;
}

interface VirtualMachineProcessor {
  readonly Count: number;
}

export interface Devices {
  /** Keyed by controller name; we use "0". */
  readonly Scsi?: Readonly<Record<string, ScsiController>>;
  /** Keyed by endpoint id. */
  readonly NetworkAdapters?: Readonly<Record<string, NetworkAdapter>>;
  /** "0" is ttyS0, "1" ttyS1. */
  readonly ComPorts?: Readonly<Record<string, ComPort>>;
  readonly HvSocket?: HvSocket;
}

interface ScsiController {
  /** Keyed by LUN. */
  readonly Attachments?: Readonly<Record<string, Attachment>>;
}

export interface Attachment {
  readonly Type: "VirtualDisk";
  readonly Path: string;
  readonly ReadOnly?: boolean;
  /** Takes away 0xC03A001A on compressed, sparse and encrypted volumes. */
  readonly SupportCompressedVolumes?: boolean;
  readonly AlwaysAllowSparseFiles?: boolean;
  readonly SupportEncryptedFiles?: boolean;
}

export interface NetworkAdapter {
  readonly EndpointId: string;
  /** `00-15-5D-xx-xx-xx` */
  readonly MacAddress: string;
}

interface ComPort {
  /** A named pipe; on Linux the path of a unix socket. Its owner listens before the system starts. */
  readonly NamedPipe: string;
}

interface HvSocket {
  readonly HvSocketConfig: HvSocketSystemConfig;
}

interface HvSocketSystemConfig {
  readonly DefaultBindSecurityDescriptor?: string;
  readonly DefaultConnectSecurityDescriptor?: string;
  /** Keyed by service GUID. */
  readonly ServiceTable: Readonly<Record<string, HvSocketServiceConfig>>;
}

interface HvSocketServiceConfig {
  readonly BindSecurityDescriptor?: string;
  readonly ConnectSecurityDescriptor?: string;
  readonly AllowWildcardBinds?: boolean;
}

/** The document for `HcsModifyComputeSystem`. `Settings` depends on the path. */
export interface ModifySettingRequest {
  readonly ResourcePath: string;
  readonly RequestType: "Add" | "Remove" | "Update";
  readonly Settings?: unknown;
}

/** The payload of HcsEventSystemExited. */
export interface SystemExitStatus {
  /** HRESULT as a signed 32-bit number; 0 for a guest that powered off. */
  readonly Status: number;
  readonly ExitType: "None" | "GracefulExit" | "ForcedExit" | "UnexpectedExit" | "Unknown";
  readonly Attribution?: readonly AttributionRecord[];
}

interface AttributionRecord {
  readonly WorkerExit?: WorkerExit;
  /** From schema 2.4 on: the guest's kernel has reported a crash. */
  readonly GuestCrash?: object;
}

export interface WorkerExit {
  readonly ExitCode?: number;
  readonly Type?: WorkerExitType;
  readonly Detail?: "PowerOff" | "Reset" | "GuestCrash" | "ProcessUnexpectedExit" | "InitializationFailure";
  readonly Initiator?: "None" | "GuestOS" | "Client" | "Internal" | "Unknown";
}

type WorkerExitType =
  | "None"
  | "InitializationFailed"
  | "Stopped"
  | "Saved"
  | "StoppedOnReset"
  | "UnexpectedStop"
  | "ResetFailed"
  | "UnrecoverableError";

/** HRESULTs of SystemExitStatus, as the signed numbers that JSON carries. */
export const ExitHresult = {
  ok: 0,
  terminatedDuringStart: 0x80370100 | 0,
  unexpectedExit: 0x80370106 | 0,
  terminated: 0x80370107 | 0,
  /** HCS itself ended, and every machine with it. */
  serviceDisconnect: 0x8037011e | 0,
} as const;
