import { randomUUID } from "node:crypto";
import { withDeadline } from "../base/deadline.ts";
import { TswslError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { Scope } from "../base/scope.ts";
import { timeouts } from "../base/timeouts.ts";
import type { Result } from "../protocol/contract.ts";
import { AGENT_PORT, type guestContract } from "../protocol/guest.ts";
import { AgentClient } from "../vm/agent-client.ts";
import type { ComputeService, ComputeSystem } from "../vm/compute-service.ts";
import { addDisk, diskAttachment, restoredFrom, STORE_LUN } from "../vm/document.ts";
import type { ComputeSystemDocument, NetworkAdapter } from "../vm/hcs-types.ts";
import type { SavedVm } from "./saved-vm.ts";
import type { Stopwatch } from "./stopwatch.ts";
import type { NetworkConfiguration, VmDocuments } from "./vm-documents.ts";

export interface PowerOnParts {
  readonly compute: ComputeService;
  /** Absent: the user does not want it. */
  readonly savedVm: SavedVm | undefined;
  readonly log: Logger;
}

/** A machine whose agent has answered, with the store disk attached. */
export interface PoweredOn {
  readonly id: string;
  readonly system: ComputeSystem;
  readonly agent: AgentClient;
  readonly hello: Result<(typeof guestContract)["agent.hello"]>;
  /** It did not boot, it went on: its clock and its random state are old. */
  readonly restored: boolean;
}

export interface PowerOnRequest {
  readonly documents: VmDocuments;
  readonly adapter: NetworkAdapter;
  /** What a saved machine must have been told. */
  readonly network: NetworkConfiguration;
  readonly store: string;
}

/** Restores the saved machine where there is one that fits, and boots otherwise, or when that fails. */
export async function powerOn(
  parts: PowerOnParts,
  request: PowerOnRequest,
  watch: Stopwatch,
  signal: AbortSignal,
): Promise<PoweredOn> {
  const { documents, adapter } = request;
  return (
    (await restore(parts, request, watch, signal)) ??
    (await startMachine(parts.compute, documents.computeSystem(adapter), { watch, booted: "boot" }, signal))
  );
}

async function restore(
  { compute, savedVm, log }: PowerOnParts,
  { documents, adapter, network, store }: PowerOnRequest,
  watch: Stopwatch,
  signal: AbortSignal,
): Promise<PoweredOn | undefined> {
  const document = documents.withoutStore(adapter);
  const file = await savedVm?.find({ document, network }, signal);
  if (file === undefined) return undefined;
  const deadline = { ms: timeouts.vmRestore, what: "the saved virtual machine to go on" };
  try {
    return await withDeadline(signal, deadline, async (limit) => {
      const machine = await startMachine(
        compute,
        restoredFrom(document, file),
        { watch, booted: "restore" },
        limit,
      );
      await using scope = new Scope();
      scope.defer(() => machine.system.close());
      await machine.system.modify(addDisk(STORE_LUN, diskAttachment(store, { readOnly: false })), limit);
      scope.keep();
      return { ...machine, restored: true };
    });
  } catch (error) {
    if (signal.aborted) throw error;
    log.warn("the saved virtual machine did not go on; booting", { error });
    await savedVm?.discard();
    return undefined;
  }
}

interface Watched {
  readonly watch: Stopwatch;
  /** Name of the stage that ends with the agent's answer. */
  readonly booted: string;
}

async function startMachine(
  compute: ComputeService,
  document: ComputeSystemDocument,
  { watch, booted }: Watched,
  signal: AbortSignal,
): Promise<PoweredOn> {
  await using scope = new Scope();
  const id = randomUUID();
  const system = await compute.create(id, document, signal);
  scope.defer(() => system.close());
  await system.start(signal);
  watch.lap("power");
  const link = await system.connect(AGENT_PORT, signal);
  const agent = await raceExit(system, AgentClient.connect(link, signal));
  scope.defer(() => agent.close());
  const hello = await raceExit(system, agent.call("agent.hello", { protocol: 1 }, { signal }));
  watch.lap(booted);
  scope.keep();
  return { id, system, agent, hello, restored: false };
}

export const bootHint = "See what the kernel printed: tswsl logs --console";

/** A VM that dies while we wait for its agent is an error now, not at the deadline. */
async function raceExit<T>(system: ComputeSystem, work: Promise<T>): Promise<T> {
  const died = system.exited.then((status): never => {
    throw new TswslError(
      "unavailable",
      `the virtual machine exited while it started (${status.ExitType ?? "unknown"})`,
      { hint: bootHint },
    );
  });
  return Promise.race([work, died]);
}
