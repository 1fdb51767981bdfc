import { withDeadline } from "../base/deadline.ts";
import { TswslError } from "../base/errors.ts";
import { timeouts } from "../base/timeouts.ts";
import type { DistroLimits, DistroSummary, HostFolder, Progress } from "../protocol/daemon.ts";
import { checkHostFolder } from "./host-folders/check-folder.ts";
import { chosenMount } from "./host-folders/wanted.ts";
import { install, type Installed, type InstallRequest } from "./install.ts";
import { Lifecycle, type LifecycleParts } from "./lifecycle.ts";
import { changeLimits, type LimitChanges } from "./limits.ts";
import { Operations } from "./operations.ts";
import { noLimits, type DistroRecord, type Registry } from "./registry.ts";
import type { WatchedDisk } from "./space-watch.ts";
import { vmSize } from "./vm-documents.ts";

export interface Call {
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

export interface DistrosParts extends LifecycleParts {
  /** Where the store is. */
  readonly disk: WatchedDisk;
}

/** Stopping it, starting the VM, and deleting. */
const removal = timeouts.distroStop * 2 + timeouts.vmBoot + timeouts.storeCall;

/** The distros of this user: what every client's request comes down to. */
export class Distros {
  readonly registry: Registry;
  readonly lifecycle: Lifecycle;
  readonly #operations = new Operations();
  readonly #parts: DistrosParts;

  constructor(parts: DistrosParts) {
    this.#parts = parts;
    this.registry = parts.registry;
    this.lifecycle = new Lifecycle(parts);
  }

  /** Every distro with its state, from memory alone: works with a dead VM and never waits. */
  list(): DistroSummary[] {
    const registered = this.registry.all.map((record) => this.#summary(record));
    const pending = this.#operations.installing.filter((name) => !this.registry.find(name));
    return [...registered, ...pending.map(installingSummary)];
  }

  /** The distro of this name, or the default one, if nothing else is being done to it. */
  resolve(name: string | undefined): DistroRecord {
    const record = this.registry.resolve(name);
    this.#operations.checkNone(record.name);
    return record;
  }

  async install(
    { limits, ...request }: Omit<InstallRequest, "limits"> & { readonly limits: LimitChanges | undefined },
    call: Call,
  ): Promise<Installed> {
    const { registry, lifecycle } = this;
    const { disk, log } = this.#parts;
    return install(
      { registry, lifecycle, operations: this.#operations, disk, log },
      { ...request, limits: this.#newLimits(noLimits, limits ?? {}) },
      call,
    );
  }

  /**
   * Stops the distro and removes it with all of its files. Its record goes last, so that an interruption is finished.
   * Once begun it cannot be undone, so it goes on when the caller does not wait for it.
   */
  async unregister(name: string, call: Call): Promise<void> {
    const record = this.registry.resolve(name);
    const work = this.#operations.run(record.name, "removing", () => this.#remove(record, call.report));
    // Nobody may be left to be told.
    work.catch((error: unknown) => this.#parts.log.warn("unregistering", { name: record.name, error }));
    const deadline = { ms: removal, what: `'${record.name}' to be removed` };
    await withDeadline(call.signal, deadline, () => work);
  }

  async #remove(record: DistroRecord, report: Call["report"]): Promise<void> {
    const signal = AbortSignal.timeout(removal);
    await this.registry.update(record.id, () => ({ removing: true }));
    await this.lifecycle.stop(record, signal);
    const { vm, release } = await this.lifecycle.useVm(signal, report);
    try {
      report({ phase: `Removing ${record.name}` });
      const options = { signal, deadline: timeouts.storeCall };
      await vm.agent.call("distro.delete", { distro: record.id }, options);
    } finally {
      release();
    }
    await this.registry.remove(record.id);
    this.#parts.log.info("unregistered", { name: record.name, id: record.id });
  }

  async terminate(name: string, signal: AbortSignal): Promise<void> {
    await this.lifecycle.stop(this.resolve(name), signal);
  }

  async setDefault(name: string): Promise<void> {
    await this.registry.setDefault(this.resolve(name).id);
  }

  /** Limits a distro from now on, and at once if it runs. What it uses already may forbid that: `invalid-state`. */
  async setLimits(name: string, changes: LimitChanges, signal: AbortSignal): Promise<void> {
    const record = this.resolve(name);
    const before = this.registry.limitsOf(record.id);
    const limits = this.#newLimits(before, changes);
    // Written first: a start that begins meanwhile has the new ones.
    await this.registry.update(record.id, () => ({ limits }));
    try {
      await this.lifecycle.limit(record, limits, signal);
    } catch (error) {
      await this.registry.update(record.id, () => ({ limits: before }));
      throw error;
    }
  }

  async setKeepAlive(name: string, keepAlive: boolean): Promise<void> {
    await this.registry.update(this.resolve(name).id, () => ({ keepAlive }));
    this.lifecycle.rearm();
  }

  /** Stops every distro and the VM. */
  async shutdown(options: { force: boolean }, signal: AbortSignal): Promise<void> {
    await this.#parts.vm.stop(options, signal);
  }

  /** Shows a folder of the host in the distro from now on, and at once if it runs; replaces what was at the target. */
  async mountHost(name: string | undefined, asked: HostFolder, signal: AbortSignal): Promise<string> {
    const record = this.resolve(name);
    const { hostFolders } = this.#parts;
    hostFolders.checkAllowed();
    const folder = await checkHostFolder(asked);
    const others = (record.hostFolders ?? []).filter(({ target }) => target !== folder.target);
    await this.registry.update(record.id, () => ({ hostFolders: [...others, folder] }));
    hostFolders.policyChanged();
    const started = this.lifecycle.startedOf(record);
    if (started) await hostFolders.add(record.id, chosenMount(folder, started.folderLook), signal);
    return record.name;
  }

  /** Takes it away again. Raises `not-found` when nothing was mounted there. */
  async unmountHost(name: string | undefined, target: string, signal: AbortSignal): Promise<string> {
    const record = this.resolve(name);
    const folders = record.hostFolders ?? [];
    const others = folders.filter((folder) => folder.target !== target);
    if (others.length === folders.length) {
      throw new TswslError("not-found", `no folder of the host is mounted at ${target} of '${record.name}'`, {
        hint: `See: tswsl mount-host --distribution ${record.name}`,
      });
    }
    await this.registry.update(record.id, () => ({ hostFolders: others }));
    const { hostFolders } = this.#parts;
    if (this.lifecycle.stateOf(record) === "running") await hostFolders.remove(record.id, target, signal);
    hostFolders.policyChanged();
    return record.name;
  }

  #newLimits(current: DistroLimits, changes: LimitChanges): DistroLimits {
    return changeLimits(current, changes, vmSize(this.#parts.settings.current));
  }

  #summary(record: DistroRecord): DistroSummary {
    const problem = this.lifecycle.problemOf(record);
    const state =
      this.#operations.of(record.name) ?? (record.removing ? "removing" : this.lifecycle.stateOf(record));
    return {
      name: record.name,
      id: record.id,
      state: problem === undefined ? state : "broken",
      default: this.registry.default?.id === record.id,
      flavor: record.flavor,
      osVersion: record.osVersion,
      commands: this.lifecycle.usersOf(record),
      keepAlive: record.keepAlive,
      limits: record.limits ?? noLimits,
      hostFolders: record.hostFolders ?? [],
      installedAt: record.installedAt,
      address: record.address,
      problem: problem ?? null,
    };
  }
}

function installingSummary(name: string): DistroSummary {
  return {
    name,
    id: "",
    state: "installing",
    default: false,
    flavor: null,
    osVersion: null,
    commands: 0,
    keepAlive: false,
    limits: noLimits,
    hostFolders: [],
    installedAt: "",
    address: null,
    problem: null,
  };
}
