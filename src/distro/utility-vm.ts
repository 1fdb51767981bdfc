import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { withDeadline } from "../base/deadline.ts";
import { isTswslError, TswslError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { Scope } from "../base/scope.ts";
import { timeouts } from "../base/timeouts.ts";
import type { VmState } from "../protocol/daemon.ts";
import type { AddressPlan } from "../net/address-plan.ts";
import type { AgentClient } from "../vm/agent-client.ts";
import { STORE_LUN } from "../vm/document.ts";
import type { ComputeService, ComputeSystem } from "../vm/compute-service.ts";
import type { EndpointProperties, NetworkService } from "../vm/network-service.ts";
import type { SystemExitStatus } from "../vm/hcs-types.ts";
import { ArchiveDisks } from "./archive-disks.ts";
import type { HostFolders } from "./host-folders/host-folders.ts";
import { bootHint, powerOn, type PoweredOn } from "./power-on.ts";
import type { SavedVm } from "./saved-vm.ts";
import type { SettingsStore } from "./settings.ts";
import { SingleFlight } from "./single-flight.ts";
import { Stopwatch } from "./stopwatch.ts";
import type { StoreDisk } from "./store-disk.ts";
import {
  adapterOf,
  NETWORK_ID,
  networkOf,
  vmDocuments,
  type NetworkConfiguration,
  type VmDocuments,
  type VmFiles,
} from "./vm-documents.ts";

/** A VM whose agent answers and whose store is mounted. */
export interface RunningVm {
  readonly id: string;
  /** The networks it was started with, and who answers names on them. */
  readonly plan: AddressPlan;
  readonly nameservers: readonly string[];
  /** Its kernel's release. */
  readonly kernel: string;
  readonly agent: AgentClient;
  readonly archiveDisks: ArchiveDisks;
  readonly startedAt: number;
  /** Distros found complete in the store when it was attached. */
  readonly storedDistros: readonly string[];
  /** Milliseconds spent in each stage of the start. */
  readonly stages: Readonly<Record<string, number>>;
}

export interface UtilityVmParts {
  readonly compute: ComputeService;
  readonly network: NetworkService;
  readonly files: VmFiles;
  readonly disk: StoreDisk;
  readonly settings: SettingsStore;
  readonly savedVm: SavedVm;
  readonly hostFolders: HostFolders;
  readonly log: Logger;
}

/**
 * The one utility VM: started on first need, shared by every distro. All concurrent starts are one start, which is
 * not undone when a caller goes away: the next one will want it.
 */
export class UtilityVm {
  readonly #parts: UtilityVmParts;
  readonly #starting = new SingleFlight<RunningVm>();
  readonly #stopping = new SingleFlight<void>();
  readonly #onExit = new Set<(status: SystemExitStatus) => void>();
  #state: VmState = "stopped";
  #running: RunningVm | undefined;
  #system: ComputeSystem | undefined;
  #cleared: Promise<void> = Promise.resolve();
  #lastStages: Readonly<Record<string, number>> = {};

  constructor(parts: UtilityVmParts) {
    this.#parts = parts;
  }

  get state(): VmState {
    return this.#state;
  }

  get running(): RunningVm | undefined {
    return this.#running;
  }

  /** Stages of the last start, kept after the VM has stopped. */
  get lastStages(): Readonly<Record<string, number>> {
    return this.#lastStages;
  }

  /** Resolves when the last machine has given back what it had, such as its network endpoint. Never rejects. */
  get cleared(): Promise<void> {
    return this.#cleared;
  }

  /** Calls back whenever the VM has ended, wanted or not. */
  onExit(callback: (status: SystemExitStatus) => void): void {
    this.#onExit.add(callback);
  }

  /** The running VM, started if need be. Rejects at once with the caller's signal; the start itself goes on. */
  async ensureRunning(signal: AbortSignal): Promise<RunningVm> {
    if (this.#running && this.#state === "running") return this.#running;
    // Whatever came of it: one that did not stop is still there to be used.
    await this.#stopping.current?.catch(() => undefined);
    if (this.#running) return this.#running;
    return withDeadline(
      signal,
      { ms: timeouts.vmBoot, what: "the virtual machine to start", hint: bootHint },
      () => this.#starting.run(() => this.#start()),
    );
  }

  /**
   * Powers off politely within a deadline, then by force; `force` skips the first, also of a stop that is under way.
   * Idempotent. Rejects at once with the caller's signal; the guest has been told, so the stop itself goes on.
   */
  async stop({ force }: { force: boolean }, signal: AbortSignal): Promise<void> {
    const limit = timeouts.vmPowerOff + timeouts.vmTerminate;
    const stopping = this.#stopping.run(() => this.#stop(force, AbortSignal.timeout(limit)));
    // Nobody may be left to be told.
    stopping.catch((error: unknown) => this.#parts.log.warn("stopping the virtual machine", { error }));
    if (force) this.#system?.terminate(AbortSignal.timeout(timeouts.vmTerminate)).catch(() => undefined);
    const deadline = { ms: timeouts.vmBoot + limit, what: "the virtual machine to stop" };
    await withDeadline(signal, deadline, () => stopping);
  }

  async #start(): Promise<RunningVm> {
    this.#state = "starting";
    const signal = AbortSignal.timeout(timeouts.vmBoot);
    const scope = new Scope();
    try {
      const running = await this.#boot(scope, signal);
      if (!this.#system) throw endedEarly();
      scope.keep();
      this.#running = running;
      this.#lastStages = running.stages;
      this.#state = "running";
      this.#parts.log.info("virtual machine started", { id: running.id, stages: running.stages });
      return running;
    } catch (error) {
      this.#parts.log.error("virtual machine did not start", { error });
      await scope.close().catch((cause: unknown) => this.#parts.log.error("cleaning up after it", { cause }));
      this.#state = "stopped";
      // A link that breaks before the machine runs is the machine's end, whatever the call that noticed it.
      throw isTswslError(error, "disconnected") ? endedEarly(error) : error;
    }
  }

  async #boot(scope: Scope, signal: AbortSignal): Promise<RunningVm> {
    const { compute, network, disk, files, settings, log } = this.#parts;
    // The one before this has let go of the endpoint and the disks.
    await this.#cleared;
    const watch = new Stopwatch();
    const documents = vmDocuments(files, settings.current);
    const { endpointId, plan } = documents;
    await disk.ensure();
    await network.ensureNetwork(NETWORK_ID, documents.network, signal);
    const endpoint = await this.#createEndpoint(documents, signal);
    scope.defer(() => network.deleteEndpoint(endpointId, AbortSignal.timeout(timeouts.vmTerminate)));
    watch.lap("prepare");
    const wanted = settings.current.savedVm;
    const savedVm = wanted ? this.#parts.savedVm : undefined;
    if (!wanted) await this.#parts.savedVm.discard();
    const configuration = networkOf(endpoint, plan);
    const request = { documents, adapter: adapterOf(endpoint), network: configuration, store: files.store };
    const machine = await powerOn({ compute, savedVm, log }, request, watch, signal);
    const { id, agent, system, hello, restored } = machine;
    scope.defer(() => system.close());
    scope.defer(() => agent.close());
    const storedDistros = await this.#furnish(machine, configuration, signal);
    watch.lap("store");
    this.#system = system;
    this.#parts.hostFolders.attend({ agent, system });
    this.#cleared = this.#watch(system, endpointId, agent).catch(
      (error: unknown) => void log.error("cleaning up after the virtual machine", { error }),
    );
    if (!restored) savedVm?.makeLater({ documents, macAddress: endpoint.macAddress, network: configuration });
    // A restored guest tells when the saved one had booted.
    const stages = { ...watch.laps, ...(restored ? {} : guestStages(hello.stages)) };
    const { kernel } = hello;
    const nameservers = endpoint.dnsServers;
    const archiveDisks = new ArchiveDisks(system);
    return {
      id,
      plan,
      nameservers,
      kernel,
      agent,
      archiveDisks,
      startedAt: Date.now(),
      storedDistros,
      stages,
    };
  }

  /** An endpoint may outlive its daemon. One of our id is ours: this installation alone has it, and one daemon. */
  async #createEndpoint(documents: VmDocuments, signal: AbortSignal): Promise<EndpointProperties> {
    const { network } = this.#parts;
    const { endpointId, endpoint } = documents;
    try {
      return await network.createEndpoint(NETWORK_ID, endpointId, endpoint, signal);
    } catch (error) {
      if (!isTswslError(error, "exists")) throw error;
      await network.deleteEndpoint(endpointId, signal);
      return network.createEndpoint(NETWORK_ID, endpointId, endpoint, signal);
    }
  }

  /** Clock, entropy, network and store: all that the agent needs before the first distro. */
  async #furnish(
    { agent, restored }: PoweredOn,
    network: NetworkConfiguration,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const { disk } = this.#parts;
    const format = !(await disk.isFormatted());
    const entropy = randomBytes(512).toString("base64");
    // In this order: whatever the others draw at random comes after the new entropy.
    const [, store] = await Promise.all([
      agent.call("agent.refresh", { unixMicros: Date.now() * 1000, entropy }, { signal }),
      agent.call("store.attach", { lun: STORE_LUN, format }, { signal }),
      // A saved machine has its network.
      restored ? undefined : agent.call("network.configure", network, { signal }),
    ]);
    await disk.markFormatted();
    return store.distros;
  }

  async #watch(system: ComputeSystem, endpointId: string, agent: AgentClient): Promise<void> {
    agent.closed
      .then(() => this.#endSilent(system))
      .catch((error: unknown) => this.#parts.log.warn("ending a machine without a link", { error }));
    const status = await system.exited;
    this.#parts.hostFolders.attend(undefined);
    this.#running = undefined;
    this.#system = undefined;
    this.#state = "stopped";
    this.#parts.log.info("virtual machine exited", { status });
    for (const listener of this.#onExit) listener(status);
    agent.close();
    await system.close();
    await this.#parts.network.deleteEndpoint(endpointId, AbortSignal.timeout(timeouts.vmTerminate));
  }

  /** A machine whose link has broken is of no use, and nobody else can start. One that is ending anyway is let be. */
  async #endSilent(system: ComputeSystem): Promise<void> {
    await Promise.race([system.exited, delay(timeouts.vmExitNews, undefined, { ref: false })]);
    if (this.#system !== system || this.#state === "stopping") return;
    this.#parts.log.warn("the link to the virtual machine is lost: it is terminated");
    await system.terminate(AbortSignal.timeout(timeouts.vmTerminate));
  }

  async #stop(force: boolean, signal: AbortSignal): Promise<void> {
    const started = await this.#starting.current?.catch(() => undefined);
    const running = this.#running ?? started;
    const system = this.#system;
    if (!running || !system) return;
    this.#state = "stopping";
    try {
      if (!force) await this.#powerOff(running, system, signal);
      // After a polite end the system has been closed by whoever watches it.
      if (this.#system === system) await system.terminate(signal);
      await system.exited;
    } finally {
      // It did not end: it is there, and so is its store.
      if (this.#system === system) this.#state = "running";
    }
  }

  async #powerOff(running: RunningVm, system: ComputeSystem, signal: AbortSignal): Promise<void> {
    const deadline = { ms: timeouts.vmPowerOff, what: "the virtual machine to power off" };
    try {
      await withDeadline(signal, deadline, async (limit) => {
        await running.agent.call("vm.powerOff", { graceMs: timeouts.distroStop }, { signal: limit });
        await system.exited;
      });
    } catch (error) {
      this.#parts.log.warn("the guest did not power off and is terminated", { error });
    }
  }
}

function endedEarly(cause?: unknown): TswslError {
  return new TswslError("unavailable", "the virtual machine ended while it started", {
    cause,
    hint: "The next command starts it again. What happened: tswsl logs",
  });
}

/** The agent counts microseconds since the kernel started; the table is in milliseconds. */
function guestStages(stages: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(stages).map(([name, micros]) => [`guest.${name}`, Math.round(micros / 1000)]),
  );
}
