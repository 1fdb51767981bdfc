/**
 * hcs.node: computecore.dll and computenetwork.dll of this Windows, call by call. Nothing is decided here: documents go in
 * and come out as they are. Each call runs on a thread of its own and is never given up. Every promise resolves; a
 * failure is in `hresult`. Arguments of the wrong type throw a TypeError.
 */

export interface Outcome {
  /** Unsigned, as it is written: 0x80370102. Success when below 0x80000000. */
  readonly hresult: number;
  /** The result of a success; HCS's ResultError or HCN's error record of a failure. Null when there is none. */
  readonly document: string | null;
}

export interface CreateOutcome extends Outcome {
  /** Null when the creation failed. */
  readonly system: ComputeSystem | null;
}

/** HCS_EVENT_TYPE and the event's document. */
export type EventListener = (type: number, data: string | null) => void;

/** An open HCS_SYSTEM. Keeps the process alive until it is closed. Every call but close may overlap any other. */
export interface ComputeSystem {
  start(options: string | null): Promise<Outcome>;
  terminate(options: string | null): Promise<Outcome>;
  pause(options: string | null): Promise<Outcome>;
  save(options: string | null): Promise<Outcome>;
  properties(query: string | null): Promise<Outcome>;
  modify(request: string): Promise<Outcome>;
  /** Resolves when the calls in progress have returned and the handle is closed. Later calls throw. */
  close(): Promise<void>;
}

/** The addon's exports. */
export interface HcsModule {
  /** HcsCreateComputeSystem, its operation, and HcsSetComputeSystemCallback with the listener. */
  createComputeSystem(id: string, configuration: string, listener: EventListener): Promise<CreateOutcome>;
  enumerateComputeSystems(query: string | null): Promise<Outcome>;
  getServiceProperties(query: string | null): Promise<Outcome>;
  grantVmAccess(vmId: string, path: string): Promise<Outcome>;
  revokeVmAccess(vmId: string, path: string): Promise<Outcome>;
  createEmptyRuntimeStateFile(path: string): Promise<Outcome>;

  createNetwork(id: string, settings: string): Promise<Outcome>;
  queryNetwork(id: string, query: string | null): Promise<Outcome>;
  deleteNetwork(id: string): Promise<Outcome>;
  createEndpoint(networkId: string, id: string, settings: string): Promise<Outcome>;
  queryEndpoint(id: string, query: string | null): Promise<Outcome>;
  deleteEndpoint(id: string): Promise<Outcome>;
  enumerateEndpoints(query: string | null): Promise<Outcome>;
}
