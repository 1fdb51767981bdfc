import type { Duplex } from "node:stream";
import { throwIfAborted, withDeadline } from "../../base/deadline.ts";
import { TswslError } from "../../base/errors.ts";
import type { Logger } from "../../base/log.ts";
import type { Scope } from "../../base/scope.ts";
import { timeouts } from "../../base/timeouts.ts";
import type { ComputeSystem, ComputeSystemProperties } from "../compute-service.ts";
import type {
  ComputeSystemDocument,
  ModifySettingRequest,
  SaveOptions,
  SystemExitStatus,
} from "../hcs-types.ts";
import { hvSocketServiceId } from "../hv-socket.ts";
import type { StreamOffer } from "../stream-address.ts";
import { serviceIds } from "./channels.ts";
import { exitStatus } from "./exit-status.ts";
import type { Qemu } from "./find-qemu.ts";
import type { QemuProcess } from "./launch.ts";
import type { Accelerator } from "./machine.ts";
import type { NetworkBackend } from "./network.ts";
import { saveDevices } from "./migration.ts";
import { launchMachine, type Machine } from "./power-on.ts";
import { offerService } from "./offer-service.ts";
import type { QmpClient } from "./qmp.ts";
import { resumeAfterFullDisk } from "./resume-after-full-disk.ts";
import { SpareMemory } from "./spare-memory.ts";
import { startError } from "./start-error.ts";
import { checkServed, hcsState, type SystemRequest, type SystemState } from "../system-state.ts";

export interface QemuComputeSystemOptions {
  readonly id: string;
  readonly document: ComputeSystemDocument;
  readonly qemu: Qemu;
  readonly accelerator: Accelerator;
  readonly networks: ReadonlyMap<string, NetworkBackend>;
  /** Closed with the system: frees its id and its endpoints. */
  readonly scope: Scope;
  readonly log: Logger;
}

const { signal: never } = new AbortController();

/** One QEMU process as a compute system. See state.ts for what may follow what. */
export class QemuComputeSystem implements ComputeSystem {
  readonly id: string;
  readonly exited: Promise<SystemExitStatus>;
  readonly #options: QemuComputeSystemOptions;
  readonly #exit = Promise.withResolvers<SystemExitStatus>();
  readonly #spare: SpareMemory;
  #state: SystemState = "created";
  #machine: Machine | undefined;
  #exitStatus: SystemExitStatus | undefined;
  #shutdownReason: string | undefined;
  #terminated = false;
  #closing: Promise<void> | undefined;

  constructor(options: QemuComputeSystemOptions) {
    this.#options = options;
    this.id = options.id;
    this.exited = this.#exit.promise;
    this.#spare = new SpareMemory(options.document, options.log);
  }

  async start(signal: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    this.#check("start");
    this.#state = "starting";
    try {
      const machine = await this.#launch(signal);
      this.#machine = machine;
      if (this.#terminated) machine.process.kill();
      await machine.qmp.open(signal);
      await machine.restore(signal);
      await machine.qmp.execute("cont", {}, signal);
      // A guest may have ended, or somebody terminated it, in the meantime.
      if (this.#state === "starting") this.#state = "running";
      this.#spare.later();
    } catch (error) {
      throw await this.#failStart(error);
    }
  }

  async connect(port: number, signal: AbortSignal): Promise<Duplex> {
    throwIfAborted(signal);
    const taking = this.#running("connect").links.take(hvSocketServiceId(port));
    const deadline = { ms: timeouts.vmBoot, what: "the guest to open its end of the link" };
    return await withDeadline(signal, deadline, () => taking);
  }

  async offer(port: number, signal: AbortSignal): Promise<StreamOffer> {
    throwIfAborted(signal);
    const { qmp } = this.#running("connect");
    if (process.platform === "win32") {
      throw new TswslError("unsupported", "QEMU on Windows gives a port's stream to one thread alone");
    }
    const serviceId = hvSocketServiceId(port);
    const index = serviceIds(this.#options.document.VirtualMachine.Devices).findIndex(
      (service) => service.toLowerCase() === serviceId,
    );
    if (index < 0)
      throw new TswslError("not-found", `the port ${port} is not in the document's ServiceTable`);
    return await offerService(qmp, index, signal);
  }

  async modify(request: ModifySettingRequest, signal: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    await this.#running("modify").scsi.modify(request, signal);
  }

  async pause(signal: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    await this.#running("pause").qmp.execute("stop", {}, signal);
    if (this.#state === "running") this.#state = "paused";
  }

  async save({ SaveStateFilePath }: SaveOptions, signal: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    const { qmp } = this.#running("save");
    const { GuestState } = this.#options.document.VirtualMachine;
    if (GuestState?.RuntimeStateFilePath !== SaveStateFilePath) {
      throw new TswslError("invalid-argument", "a machine is saved to the file that its GuestState names");
    }
    await saveDevices(qmp, SaveStateFilePath, signal);
  }

  async properties(signal: AbortSignal): Promise<ComputeSystemProperties> {
    throwIfAborted(signal);
    this.#checkOpen();
    return {
      Id: this.id,
      SystemType: "VirtualMachine",
      Owner: this.#options.document.Owner,
      RuntimeId: this.id,
      State: hcsState(this.#state),
      ...(this.#exitStatus ? { ExitType: this.#exitStatus.ExitType } : {}),
    };
  }

  async terminate(signal: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    this.#checkOpen();
    this.#powerOff();
    await withDeadline(signal, { ms: timeouts.vmTerminate, what: "QEMU to end" }, () => this.exited);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#powerOff();
    try {
      await withDeadline(never, { ms: timeouts.vmTerminate, what: "QEMU to end" }, () => this.exited);
    } finally {
      this.#machine?.links.destroy();
      await this.#options.scope.close();
    }
  }

  async #launch(signal: AbortSignal): Promise<Machine> {
    const machine = await launchMachine(this.#options, signal);
    void this.#watch(machine.process, machine.qmp);
    resumeAfterFullDisk(machine.qmp, this.#options.log);
    return machine;
  }

  /** The one way to `stopped` once QEMU runs: its process is gone and all it said has been read. */
  async #watch(process: QemuProcess, qmp: QmpClient): Promise<void> {
    qmp.onEvent(({ name, data }) => {
      if (name === "SHUTDOWN" && typeof data["reason"] === "string") this.#shutdownReason = data["reason"];
    });
    const [{ code, signal }] = await Promise.all([process.exited, qmp.ended]);
    const complaints = process.complaints();
    this.#options.log.info("QEMU ended", {
      id: this.id,
      code,
      signal,
      reason: this.#shutdownReason,
      complaints,
    });
    this.#finish();
  }

  #finish(): void {
    const duringStart = this.#state === "created" || this.#state === "starting";
    const status = exitStatus({
      shutdownReason: this.#shutdownReason,
      terminated: this.#terminated,
      duringStart,
    });
    this.#state = "stopped";
    this.#exitStatus = status;
    this.#spare.cancel();
    this.#machine?.links.release();
    this.#exit.resolve(status);
  }

  /** Begins the end, once. `quit` lets QEMU close its images properly; SIGKILL follows if it does not. */
  #powerOff(): void {
    if (this.#terminated || this.#state === "stopped") return;
    this.#terminated = true;
    if (this.#state === "created") return this.#finish();
    this.#state = "stopping";
    const machine = this.#machine;
    // Still being launched: start() sees the flag.
    if (!machine) return;
    const timer = setTimeout(machine.process.kill, timeouts.qemuQuit);
    void this.exited.then(() => clearTimeout(timer));
    machine.qmp.execute("quit", {}, never).catch(machine.process.kill);
  }

  async #failStart(error: unknown): Promise<unknown> {
    const process = this.#machine?.process;
    if (!process) {
      this.#finish();
      return error;
    }
    process.kill();
    await this.exited;
    if (this.#terminated)
      return new TswslError("invalid-state", "the compute system was terminated while it started");
    return startError(error, process.complaints());
  }

  #running(request: SystemRequest): Machine {
    this.#check(request);
    if (!this.#machine) throw new TswslError("internal", "a running compute system has no process");
    return this.#machine;
  }

  #check(request: SystemRequest): void {
    this.#checkOpen();
    checkServed(this.#state, request);
  }

  #checkOpen(): void {
    if (this.#closing) throw new TswslError("invalid-state", "the compute system is closed");
  }
}
