import { withDeadline } from "../base/deadline.ts";
import { TswslError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { timeouts } from "../base/timeouts.ts";
import type { DistroLimits, DistroState, Progress } from "../protocol/daemon.ts";
import type { AgentClient } from "../vm/agent-client.ts";
import type { HostFolders } from "./host-folders/host-folders.ts";
import { IdleTimer } from "./idle.ts";
import { guestLimits } from "./limits.ts";
import { reconcile } from "./reconcile.ts";
import type { DistroRecord, Registry } from "./registry.ts";
import type { SettingsStore } from "./settings.ts";
import { SingleFlight } from "./single-flight.ts";
import { startDistro, type StartedDistro } from "./start.ts";
import type { RunningVm, UtilityVm } from "./utility-vm.ts";

type Report = (progress: Progress) => void;

/** A distro that is wanted: it stays up until `release` is called (and then for the idle time). */
export interface DistroUse {
  readonly agent: AgentClient;
  readonly started: StartedDistro;
  readonly release: () => void;
}

/** What is known of one distro while the VM runs. */
interface Entry {
  readonly idle: IdleTimer;
  readonly starting: SingleFlight<StartedDistro>;
  started: StartedDistro | undefined;
  stopping: Promise<void> | undefined;
  releaseVm: (() => void) | undefined;
  /** How often its init has ended: one that ends while we wait for it is not running. */
  exits: number;
}

export interface LifecycleParts {
  readonly vm: UtilityVm;
  readonly registry: Registry;
  readonly settings: SettingsStore;
  readonly hostFolders: HostFolders;
  /** The host's name, for distros that do not choose their own. */
  readonly hostname: string;
  readonly log: Logger;
}

/** Starts distros on demand, counts their users, stops them and then the VM when nobody wants them any more. */
export class Lifecycle {
  readonly #parts: LifecycleParts;
  readonly #entries = new Map<string, Entry>();
  readonly #vmIdle: IdleTimer;
  readonly #readying = new SingleFlight<RunningVm>();
  #readyVm: string | undefined;
  #problems: ReadonlyMap<string, string> = new Map();

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
    const { vm, settings } = parts;
    this.#vmIdle = new IdleTimer(
      () => settings.current.vmIdleSeconds,
      () => this.#stopIdleVm(),
    );
    vm.onExit(() => this.#forgetAll());
  }

  /** The running VM with a reconciled store, held until `release`. */
  async useVm(signal: AbortSignal, report: Report): Promise<{ vm: RunningVm; release: () => void }> {
    const release = this.#vmIdle.hold();
    try {
      if (!this.#parts.vm.running) report({ phase: "Starting the virtual machine" });
      return { vm: await this.#readyMachine(signal), release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** The running distro, started if need be. */
  async use(record: DistroRecord, signal: AbortSignal, report: Report): Promise<DistroUse> {
    const entry = this.#entry(record);
    const release = entry.idle.hold();
    try {
      await entry.stopping;
      const { vm, release: releaseVm } = await this.useVm(signal, report);
      try {
        const started = entry.started ?? (await this.#start(record, entry, { vm, signal, report }));
        return { agent: vm.agent, started, release };
      } finally {
        releaseVm();
      }
    } catch (error) {
      release();
      throw error;
    }
  }

  stateOf(record: DistroRecord): DistroState {
    const entry = this.#entries.get(record.id);
    if (entry?.stopping) return "stopping";
    if (entry?.started) return "running";
    return entry?.starting.current ? "starting" : "stopped";
  }

  /** What its start found out; undefined while it does not run. */
  startedOf(record: DistroRecord): StartedDistro | undefined {
    const entry = this.#entries.get(record.id);
    return entry?.stopping ? undefined : entry?.started;
  }

  /** Why the distro cannot be started, as far as the last start of the VM has shown. */
  problemOf(record: DistroRecord): string | undefined {
    return this.#problems.get(record.id);
  }

  /** Commands that run in the distro through tswsl. */
  usersOf(record: DistroRecord): number {
    return this.#entries.get(record.id)?.idle.holds ?? 0;
  }

  /** The ids of the distros that run now. */
  get running(): readonly string[] {
    return [...this.#entries].filter(([, entry]) => entry.started).map(([id]) => id);
  }

  /** Stops one distro; its commands end. Idempotent. */
  async stop(record: DistroRecord, signal: AbortSignal): Promise<void> {
    const entry = this.#entries.get(record.id);
    await entry?.starting.current?.catch(() => undefined);
    const vm = this.#parts.vm.running;
    if (!entry?.started || !vm) return;
    entry.stopping ??= this.#stopEntry(record, entry, vm).finally(() => {
      entry.stopping = undefined;
    });
    const stopping = entry.stopping;
    await withDeadline(
      signal,
      {
        ms: timeouts.distroStop * 2,
        what: `'${record.name}' to stop`,
        hint: "If it does not recover: tswsl shutdown --force",
      },
      () => stopping,
    );
  }

  /** Gives a running distro new limits; one that does not run starts with what the registry has. */
  async limit(record: DistroRecord, limits: DistroLimits, signal: AbortSignal): Promise<void> {
    const entry = this.#entries.get(record.id);
    await entry?.starting.current?.catch(() => undefined);
    const vm = this.#parts.vm.running;
    if (!entry?.started || !vm) return;
    await vm.agent.call("distro.limit", { distro: record.id, limits: guestLimits(limits) }, { signal });
  }

  /** After a setting or a keep-alive has changed, running countdowns follow the new value. */
  rearm(): void {
    for (const entry of this.#entries.values()) if (entry.started) entry.idle.arm();
    if (this.#parts.vm.running) this.#vmIdle.arm();
  }

  #readyMachine(signal: AbortSignal): Promise<RunningVm> {
    const ready = this.#parts.vm.state === "running" ? this.#parts.vm.running : undefined;
    if (ready && ready.id === this.#readyVm) return Promise.resolve(ready);
    const deadline = { ms: timeouts.vmBoot, what: "the virtual machine to start" };
    return withDeadline(signal, deadline, () => this.#readying.run(() => this.#makeReady()));
  }

  async #makeReady(): Promise<RunningVm> {
    const vm = await this.#parts.vm.ensureRunning(AbortSignal.timeout(timeouts.vmBoot));
    if (vm.id !== this.#readyVm) {
      this.#problems = await reconcile(vm, this.#parts.registry, this.#parts.log);
      vm.agent.onDistroExited(({ distro }) => this.#forget(distro));
      this.#readyVm = vm.id;
    }
    return vm;
  }

  async #start(
    record: DistroRecord,
    entry: Entry,
    call: { vm: RunningVm; signal: AbortSignal; report: Report },
  ): Promise<StartedDistro> {
    call.report({ phase: `Starting ${record.name}` });
    const { vm } = call;
    const work = async (): Promise<StartedDistro> => {
      const own = AbortSignal.timeout(timeouts.distroStart + timeouts.systemdBoot);
      let { exits } = entry;
      // One whose systemd ends may be started again without it.
      const onInit = (): void => void ({ exits } = entry);
      const started = await startDistro(vm, record, { ...this.#parts, onInit }, own);
      if (entry.exits !== exits) throw endedAtOnce(record);
      entry.started = started;
      entry.releaseVm = this.#vmIdle.hold();
      for (const warning of started.warnings) call.report({ phase: `Starting ${record.name}`, warning });
      return started;
    };
    const deadline = {
      ms: timeouts.distroStart + timeouts.systemdBoot,
      what: `'${record.name}' to start`,
      hint: "See why: tswsl logs",
    };
    return withDeadline(call.signal, deadline, () => entry.starting.run(work));
  }

  async #stopEntry(record: DistroRecord, entry: Entry, vm: RunningVm): Promise<void> {
    this.#parts.log.info("stopping distro", { name: record.name });
    // Those who wait have deadlines of their own; the call has one as well.
    const { signal } = new AbortController();
    await vm.agent.call("distro.stop", { distro: record.id, graceMs: timeouts.distroStop }, { signal });
    this.#end(entry);
    this.#parts.hostFolders.forget(record.id);
  }

  #entry(record: DistroRecord): Entry {
    const known = this.#entries.get(record.id);
    if (known) return known;
    const seconds = (): number => {
      const current = this.#parts.registry.all.find((distro) => distro.id === record.id);
      return current?.keepAlive ? -1 : this.#parts.settings.current.distroIdleSeconds;
    };
    const idle = new IdleTimer(seconds, () => {
      this.stop(record, AbortSignal.timeout(timeouts.distroStop * 2)).catch((error: unknown) =>
        this.#parts.log.warn("stopping an idle distro", { name: record.name, error }),
      );
    });
    const entry: Entry = {
      idle,
      starting: new SingleFlight(),
      started: undefined,
      stopping: undefined,
      releaseVm: undefined,
      exits: 0,
    };
    this.#entries.set(record.id, entry);
    return entry;
  }

  /** Its init is gone, whoever ended it. */
  #forget(id: string): void {
    const entry = this.#entries.get(id);
    if (entry) entry.exits += 1;
    if (!entry?.started) return;
    this.#parts.log.info("distro exited", { id });
    this.#end(entry);
    this.#parts.hostFolders.forget(id);
  }

  #end(entry: Entry): void {
    entry.started = undefined;
    entry.idle.cancel();
    entry.releaseVm?.();
    entry.releaseVm = undefined;
  }

  #forgetAll(): void {
    for (const entry of this.#entries.values()) this.#end(entry);
    this.#vmIdle.cancel();
    this.#readyVm = undefined;
  }

  #stopIdleVm(): void {
    this.#parts.log.info("stopping the idle virtual machine");
    const signal = AbortSignal.timeout(timeouts.vmPowerOff + timeouts.vmTerminate);
    this.#parts.vm
      .stop({ force: false }, signal)
      .catch((error: unknown) => this.#parts.log.warn("stopping the idle virtual machine", { error }));
  }
}

function endedAtOnce({ name }: DistroRecord): TswslError {
  return new TswslError("unavailable", `the init of '${name}' ended as soon as it was started`, {
    hint: "See why: tswsl logs --console",
  });
}
