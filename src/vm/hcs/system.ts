import type { Duplex } from "node:stream";
import * as v from "valibot";
import type { ComputeSystem as NativeSystem, Outcome } from "../../../native/hcs/native.d.ts";
import type { VmpModule } from "../../../native/vmp/native.d.ts";
import { throwIfAborted, withDeadline } from "../../base/deadline.ts";
import { TswslError } from "../../base/errors.ts";
import type { Logger } from "../../base/log.ts";
import { timeouts } from "../../base/timeouts.ts";
import type { ComputeSystem, ComputeSystemProperties } from "../compute-service.ts";
import {
  ExitHresult,
  type ComputeSystemDocument,
  type ModifySettingRequest,
  type SaveOptions,
  type SystemExitStatus,
} from "../hcs-types.ts";
import type { StreamOffer } from "../stream-address.ts";
import { checkServed, hcsState, type SystemRequest, type SystemState } from "../system-state.ts";
import type { FileGrants } from "./file-grants.ts";
import { GuestStreams } from "./guest-streams.ts";
import { documentOf, failedWith } from "./outcome.ts";
import { modifyScsi } from "./scsi.ts";
import type { SystemEvents } from "./system-events.ts";

export interface HcsComputeSystemOptions {
  readonly id: string;
  readonly document: ComputeSystemDocument;
  readonly native: NativeSystem;
  readonly vmp: VmpModule;
  readonly events: SystemEvents;
  readonly grants: FileGrants;
  readonly log: Logger;
}

const { signal: never } = new AbortController();

/** What terminate answers for a machine that has ended: HCS_E_SYSTEM_ALREADY_STOPPED, HCS_E_SYSTEM_NOT_FOUND. */
const overAlready = [0x80370110, 0x8037010e] as const;

/** One HCS system. See ../system-state.ts for what may follow what. */
export class HcsComputeSystem implements ComputeSystem {
  readonly id: string;
  readonly exited: Promise<SystemExitStatus>;
  readonly #options: HcsComputeSystemOptions;
  readonly #streams: GuestStreams;
  /** Path of the image at each LUN of controller "0". */
  readonly #disks = new Map<string, string>();
  #state: SystemState = "created";
  /** The caller wanted the end. */
  #terminated = false;
  #exitStatus: SystemExitStatus | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: HcsComputeSystemOptions) {
    this.#options = options;
    this.id = options.id;
    this.exited = options.events.exited;
    this.#streams = new GuestStreams(options);
    const { Scsi } = options.document.VirtualMachine.Devices;
    for (const [lun, { Path }] of Object.entries(Scsi?.["0"]?.Attachments ?? {})) this.#disks.set(lun, Path);
    void this.#watch();
  }

  async start(signal: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    this.#check("start");
    this.#state = "starting";
    try {
      const deadline = { ms: timeouts.hcsStart, what: "HCS to start the virtual machine" };
      await this.#call("HcsStartComputeSystem", deadline, signal, (native) => native.start(null));
      // It may have ended, or somebody terminated it, in the meantime.
      if (this.#state === "starting") this.#state = "running";
    } catch (error) {
      const terminated = this.#terminated;
      await this.#powerOff(ExitHresult.terminatedDuringStart, never);
      if (terminated) {
        const reason = "the compute system was terminated while it started";
        throw new TswslError("invalid-state", reason, { cause: error });
      }
      throw error;
    }
  }

  async connect(port: number, signal: AbortSignal): Promise<Duplex> {
    throwIfAborted(signal);
    this.#check("connect");
    return await this.#streams.open(port, signal);
  }

  async offer(port: number, signal: AbortSignal): Promise<StreamOffer> {
    throwIfAborted(signal);
    this.#check("connect");
    const serviceId = this.#streams.serviceOf(port);
    return { address: { kind: "hv-socket", vmId: this.id, serviceId }, close: () => Promise.resolve() };
  }

  async modify(request: ModifySettingRequest, signal: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    this.#check("modify");
    const parts = { request, disks: this.#disks, grants: this.#options.grants };
    await modifyScsi(parts, (document) => this.#modify(document, signal));
  }

  async pause(signal: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    this.#check("pause");
    const deadline = { ms: timeouts.hcsCall, what: "HCS to pause the virtual machine" };
    await this.#call("HcsPauseComputeSystem", deadline, signal, (native) => native.pause(null));
    if (this.#state === "running") this.#state = "paused";
  }

  async save(options: SaveOptions, signal: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    this.#check("save");
    const { GuestState } = this.#options.document.VirtualMachine;
    if (GuestState?.RuntimeStateFilePath !== options.SaveStateFilePath) {
      throw new TswslError("invalid-argument", "a machine is saved to the file that its GuestState names");
    }
    const deadline = { ms: timeouts.hcsStart, what: "HCS to save the virtual machine" };
    await this.#call("HcsSaveComputeSystem", deadline, signal, (native) =>
      native.save(JSON.stringify(options)),
    );
  }

  async properties(signal: AbortSignal): Promise<ComputeSystemProperties> {
    throwIfAborted(signal);
    this.#checkOpen();
    return {
      Id: this.id,
      SystemType: "VirtualMachine",
      Owner: this.#options.document.Owner,
      // HCS takes the id of a system for its RuntimeId when it is a GUID, as ours are.
      RuntimeId: this.id,
      State: (await this.#askState(signal)) ?? hcsState(this.#state),
      ...(this.#exitStatus ? { ExitType: this.#exitStatus.ExitType } : {}),
    };
  }

  async terminate(signal: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    this.#checkOpen();
    this.#terminated = true;
    await this.#powerOff(ExitHresult.terminated, signal);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { native, grants } = this.#options;
    this.#terminated = true;
    try {
      await this.#powerOff(ExitHresult.terminated, never);
    } finally {
      this.#streams.destroy();
      const deadline = { ms: timeouts.hcsCall, what: "HCS to close the virtual machine" };
      await withDeadline(never, deadline, () => native.close());
      await grants.revokeAll();
    }
  }

  async #watch(): Promise<void> {
    const status = await this.exited;
    this.#options.log.info("the virtual machine ended", { id: this.id, status });
    this.#state = "stopped";
    this.#exitStatus = status;
    this.#streams.release();
  }

  /**
   * Terminates, and waits for the event that says so. An event that does not come after HCS has answered is presumed:
   * nobody may wait for a machine for ever that HCS no longer knows.
   */
  async #powerOff(presumed: number, signal: AbortSignal): Promise<void> {
    if (this.#exitStatus) return;
    this.#state = "stopping";
    const deadline = { ms: timeouts.vmTerminate, what: "HCS to terminate the virtual machine" };
    const outcome = await withDeadline(signal, deadline, () => this.#options.native.terminate(null));
    if (!this.#exitStatus && !failedWith(outcome, ...overAlready)) {
      documentOf("HcsTerminateComputeSystem", outcome);
    }
    const news = { ms: timeouts.vmExitNews, what: "the news of the virtual machine's end" };
    await withDeadline(signal, news, () => this.exited).catch(() => {
      throwIfAborted(signal);
      this.#options.events.presume({ Status: presumed, ExitType: "ForcedExit" });
    });
    await this.exited;
  }

  /** What HCS says; undefined for a machine that it has forgotten. */
  async #askState(signal: AbortSignal): Promise<ComputeSystemProperties["State"] | undefined> {
    if (this.#exitStatus) return undefined;
    const deadline = { ms: timeouts.hcsCall, what: "HCS to describe the virtual machine" };
    const outcome = await withDeadline(signal, deadline, () => this.#options.native.properties(null));
    if (this.#exitStatus || failedWith(outcome, ...overAlready)) return undefined;
    return parseState(documentOf("HcsGetComputeSystemProperties", outcome));
  }

  async #modify(document: ModifySettingRequest, signal: AbortSignal): Promise<Outcome> {
    const deadline = { ms: timeouts.hcsCall, what: "HCS to change the virtual machine" };
    const text = JSON.stringify(document);
    return await withDeadline(signal, deadline, () => this.#options.native.modify(text));
  }

  async #call(
    name: string,
    deadline: { readonly ms: number; readonly what: string },
    signal: AbortSignal,
    call: (native: NativeSystem) => Promise<Outcome>,
  ): Promise<void> {
    documentOf(name, await withDeadline(signal, deadline, () => call(this.#options.native)));
  }

  #check(request: SystemRequest): void {
    this.#checkOpen();
    checkServed(this.#state, request);
  }

  #checkOpen(): void {
    if (this.#closing) throw new TswslError("invalid-state", "the compute system is closed");
  }
}

const Basic = v.object({ State: v.picklist(["Created", "Running", "Paused", "Stopped", "Unknown"]) });

function parseState(document: string | null): ComputeSystemProperties["State"] | undefined {
  try {
    const parsed = v.safeParse(Basic, JSON.parse(document ?? ""));
    return parsed.success ? parsed.output.State : "Unknown";
  } catch {
    return "Unknown";
  }
}
