import { asTswslError, type TswslError } from "../../base/errors.ts";
import type { Logger } from "../../base/log.ts";
import { timeouts } from "../../base/timeouts.ts";
import { FILES_PORT } from "../../protocol/guest.ts";
import type { AgentClient } from "../../vm/agent-client.ts";
import type { ComputeSystem } from "../../vm/compute-service.ts";
import type { StreamAddress } from "../../vm/stream-address.ts";
import { SingleFlight } from "../single-flight.ts";
import { GuestWatches, type HostChangeServer } from "./guest-watches.ts";
import type { HostFolderPolicy } from "./policy.ts";
import type { FolderMount, HostRoot } from "./wanted.ts";

/** Serves folders of the host over 9P, on a thread of its own. */
export interface HostFolderServer extends HostChangeServer {
  /** Opens the address and serves what the policy allows there, instead of what it served before. */
  serve(address: StreamAddress, policy: HostFolderPolicy, signal: AbortSignal): Promise<void>;
  /** Another policy from now on; what the guest has open stays open. */
  allow(policy: HostFolderPolicy): void;
  /** Calls back when what is served has ended, for whatever reason. */
  onLost(callback: () => void): void;
  close(): Promise<void>;
}

/** The machine whose guest is served. */
export interface ServedVm {
  readonly agent: AgentClient;
  readonly system: Pick<ComputeSystem, "offer">;
}

export interface HostFoldersParts {
  readonly server: HostFolderServer;
  /** As the settings and the registry have it now. */
  readonly policy: () => HostFolderPolicy;
  /** This host's own, as they are now. Raises what asking the host raises. */
  readonly roots: () => readonly HostRoot[];
  /** Why no folder of the host may be had, whatever the policy. */
  readonly refusal: TswslError | undefined;
  readonly log: Logger;
}

/**
 * Folders of the host in the guest: one 9P connection for the virtual machine, made when the first distro wants a folder, and
 * a bind mount of a part of it for each folder of each distro. A connection that is lost is made anew, with all that
 * running distros had of it.
 */
export class HostFolders {
  readonly #parts: HostFoldersParts;
  readonly #connecting = new SingleFlight<void>();
  readonly #watches: GuestWatches;
  /** What each running distro has, by its id. */
  readonly #mounted = new Map<string, FolderMount[]>();
  #vm: ServedVm | undefined;
  #connected = false;

  constructor(parts: HostFoldersParts) {
    this.#parts = parts;
    this.#watches = new GuestWatches(parts);
    parts.server.onLost(() => void this.#recover());
  }

  /** This host's own roots, as they are now; none where they may not be had. Raises what asking the host raises. */
  roots(): readonly HostRoot[] {
    return this.#parts.refusal ? [] : this.#parts.roots();
  }

  /** Raises why no folder of the host may be had. */
  checkAllowed(): void {
    if (this.#parts.refusal) throw this.#parts.refusal;
  }

  /** From now on this machine is served; undefined: none. */
  attend(vm: ServedVm | undefined): void {
    this.#vm = vm;
    this.#connected = false;
    this.#watches.attend(undefined);
    this.#mounted.clear();
  }

  /** After a change of settings or of what was chosen. */
  policyChanged(): void {
    this.#parts.server.allow(this.#parts.policy());
    this.#watches.lookAgain();
  }

  /**
   * Mounts these into a running distro. A folder that cannot be had is no reason not to start it: it answers with what
   * the user should know.
   */
  async mount(
    distro: string,
    wanted: readonly FolderMount[],
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    if (wanted.length === 0) return [];
    try {
      this.checkAllowed();
      await this.#connect(signal);
    } catch (error) {
      this.#parts.log.warn("the host's folders are not served", { error });
      return [`The host's folders are not there: ${asTswslError(error).message}`];
    }
    const warnings: string[] = [];
    for (const folder of wanted) {
      try {
        await this.#bind(distro, folder, signal);
      } catch (error) {
        this.#parts.log.warn("a folder of the host is not mounted", { distro, ...folder, error });
        warnings.push(`${folder.target} is not mounted: ${asTswslError(error).message}`);
      }
    }
    return warnings;
  }

  /** Mounts one folder into a running distro. Raises what the guest says. */
  async add(distro: string, folder: FolderMount, signal: AbortSignal): Promise<void> {
    await this.#connect(signal);
    await this.#bind(distro, folder, signal);
  }

  /** Takes one away. Idempotent. */
  async remove(distro: string, target: string, signal: AbortSignal): Promise<void> {
    const folders = this.#mounted.get(distro) ?? [];
    this.#mounted.set(
      distro,
      folders.filter((folder) => folder.target !== target),
    );
    await this.#vm?.agent.call("distro.unmount", { distro, target }, { signal });
  }

  /** The distro has stopped, and its mounts with it. */
  forget(distro: string): void {
    this.#mounted.delete(distro);
  }

  async #bind(distro: string, folder: FolderMount, signal: AbortSignal): Promise<void> {
    const { source, target, readOnly } = folder;
    await this.#vm?.agent.call("distro.mount", { distro, source, target, readOnly }, { signal });
    const others = (this.#mounted.get(distro) ?? []).filter((other) => other.target !== target);
    this.#mounted.set(distro, [...others, folder]);
  }

  async #connect(signal: AbortSignal): Promise<void> {
    const vm = this.#vm;
    if (this.#connected || !vm) return;
    await this.#connecting.run(() => this.#serve(vm, signal));
  }

  async #serve(vm: ServedVm, signal: AbortSignal): Promise<void> {
    const { server, policy } = this.#parts;
    const offer = await vm.system.offer(FILES_PORT, signal);
    try {
      await server.serve(offer.address, policy(), signal);
    } finally {
      await offer.close();
    }
    await vm.agent.call("files.mount", {}, { signal });
    if (this.#vm !== vm) return;
    this.#connected = true;
    this.#watches.attend(vm.agent);
  }

  /** A server that died is started again, and every distro gets its folders back. */
  async #recover(): Promise<void> {
    if (!this.#vm || !this.#connected) return;
    this.#connected = false;
    this.#watches.attend(undefined);
    const { log } = this.#parts;
    log.warn("the host's folders were lost, and are served anew");
    const signal = AbortSignal.timeout(timeouts.filesMount * 2);
    // Mounting anew changes the map.
    const lost = Array.from(this.#mounted);
    for (const [distro, folders] of lost) {
      const warnings = await this.mount(distro, folders, signal);
      if (warnings.length > 0) log.warn("folders of the host did not come back", { distro, warnings });
    }
  }
}
