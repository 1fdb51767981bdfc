import type { Duplex } from "node:stream";
import type {
  ComputeSystemDocument,
  ModifySettingRequest,
  SaveOptions,
  SystemExitStatus,
} from "./hcs-types.ts";
import type { StreamOffer } from "./stream-address.ts";

/**
 * The port behind which virtual machines are made: the Host Compute Service on Windows, QEMU elsewhere. Both take the
 * same HCS v2 documents and nothing else.
 *
 * Order of calls for one system: create, then listen to events, then start, then any number of modify and properties,
 * then terminate, then close. A system is ephemeral: once it has stopped it cannot be started again. Calls on one
 * system may overlap; each takes the caller's signal, and rejects with `invalid-state` when the system's state does
 * not allow it. `testComputeService` (tests/conformance) is this contract in executable form.
 */
export interface ComputeService {
  /** What a person calls it: `HCS`, `QEMU`. */
  readonly name: string;

  /**
   * Validates the document and opens the files it names; nothing runs yet. `id` is a GUID and becomes the RuntimeId.
   * Raises `invalid-argument` for a document that cannot be served, `not-found` for a missing file, `exists` for an id
   * in use, `unavailable` where the host lacks what the service needs.
   */
  create(id: string, document: ComputeSystemDocument, signal: AbortSignal): Promise<ComputeSystem>;

  /**
   * A name for all that a saved machine depends on: the document, the files it names, this host and its hypervisor.
   * A state saved under one name may be restored under no other. Raises what {@link create} raises.
   */
  savedStateKey(document: ComputeSystemDocument, signal: AbortSignal): Promise<string>;
}

export interface ComputeSystem {
  readonly id: string;

  /** Powers on. Resolves when the machine runs, not when its guest is up. */
  start(signal: AbortSignal): Promise<void>;

  /**
   * A byte stream to a service of the guest, by HvSocket port. Resolves when the guest has opened its end, however
   * long it takes: the caller's signal is the deadline. The port must be in the document's
   * `HvSocketConfig.ServiceTable`. One stream per port at a time. Raises `disconnected` when the machine ends first.
   */
  connect(port: number, signal: AbortSignal): Promise<Duplex>;

  /**
   * The same stream for another thread, which opens it where this says. Whoever had the port's stream loses it, so that
   * it can be offered again when that thread has died. Raises `not-found` for a port that is not in the document,
   * `unsupported` where streams belong to one thread.
   */
  offer(port: number, signal: AbortSignal): Promise<StreamOffer>;

  /** Adds, removes or updates a device of the running system: HCS's ModifySettingRequest. */
  modify(request: ModifySettingRequest, signal: AbortSignal): Promise<void>;

  /** Stops the processors; memory and devices stay as they are. */
  pause(signal: AbortSignal): Promise<void>;

  /**
   * Writes a paused machine to the file that its document's `GuestState` names. It stays paused; what is to follow is
   * {@link terminate}. A later {@link ComputeService.create} with `RestoreState` goes on from there, as often as
   * wanted. Raises `invalid-state` for a machine that runs, `invalid-argument` for another file.
   */
  save(options: SaveOptions, signal: AbortSignal): Promise<void>;

  /** Basic properties; works in every state until close. */
  properties(signal: AbortSignal): Promise<ComputeSystemProperties>;

  /** Forces the power off. Idempotent; resolves when the machine has exited. */
  terminate(signal: AbortSignal): Promise<void>;

  /** Resolves exactly once, when the machine has exited for whatever reason. Never rejects. */
  readonly exited: Promise<SystemExitStatus>;

  /** Releases the system; terminates it when the document says `ShouldTerminateOnLastHandleClosed`. Idempotent. */
  close(): Promise<void>;
}

export interface ComputeSystemProperties {
  readonly Id: string;
  readonly SystemType: "VirtualMachine";
  readonly Owner: string;
  readonly RuntimeId: string;
  readonly State: "Created" | "Running" | "Paused" | "Stopped" | "Unknown";
  readonly ExitType?: SystemExitStatus["ExitType"];
}
