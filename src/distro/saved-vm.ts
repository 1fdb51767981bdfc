import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { withDeadline } from "../base/deadline.ts";
import type { Logger } from "../base/log.ts";
import { Scope } from "../base/scope.ts";
import { timeouts } from "../base/timeouts.ts";
import { AGENT_PORT } from "../protocol/guest.ts";
import type { ComputeService } from "../vm/compute-service.ts";
import { savable } from "../vm/document.ts";
import type { ComputeSystemDocument } from "../vm/hcs-types.ts";
import type { NetworkService } from "../vm/network-service.ts";
import { adapterOf, NETWORK_ID, type VmDocuments } from "./vm-documents.ts";

/** The first commands have the host to themselves. */
const DELAY_MS = 5000;
/** The agent has opened the link; the kernel's last deferred work is done soon after. */
const SETTLE_MS = 500;

export interface SavedVmParts {
  readonly compute: ComputeService;
  readonly network: NetworkService;
  /** Holds one directory, named by the key of the state in it. */
  readonly directory: string;
  readonly log: Logger;
}

/**
 * The VM as it is when its agent is ready and no store is attached, on disk: the next start goes on from there instead
 * of booting. It holds nothing of any distro. A state is used only under the key it was made for, and removed when
 * it has failed once; then the VM boots, and a new one is made.
 */
export class SavedVm {
  readonly #parts: SavedVmParts;
  #making: { readonly aborter: AbortController; readonly done: Promise<void> } | undefined;

  constructor(parts: SavedVmParts) {
    this.#parts = parts;
  }

  /** The file to restore this machine from, if there is one that fits. Never rejects: in doubt there is none. */
  async find(document: ComputeSystemDocument, signal: AbortSignal): Promise<string | undefined> {
    try {
      const names = await readdir(this.#parts.directory).catch(() => []);
      if (names.length === 0) return undefined;
      const file = this.#file(await this.#parts.compute.savedStateKey(document, signal));
      const { size } = await stat(file);
      return size > 0 ? file : undefined;
    } catch (error) {
      this.#parts.log.debug("no saved virtual machine is used", { error });
      return undefined;
    }
  }

  /** Removes what is there: it did not work, or is not wanted. */
  async discard(): Promise<void> {
    await this.close();
    await this.#clear();
  }

  /** Makes the state for the next start, in a while, in the background, once at a time. */
  makeLater(documents: VmDocuments, macAddress: string): void {
    if (this.#making) return;
    const aborter = new AbortController();
    const done = this.#makeQuietly(documents, macAddress, aborter.signal).finally(() => {
      this.#making = undefined;
    });
    this.#making = { aborter, done };
  }

  /** Gives up what is being made, and leaves nothing of it. */
  async close(): Promise<void> {
    this.#making?.aborter.abort();
    await this.#making?.done;
  }

  async #clear(): Promise<void> {
    await rm(this.#parts.directory, { recursive: true, force: true });
  }

  async #makeQuietly(documents: VmDocuments, macAddress: string, signal: AbortSignal): Promise<void> {
    const partial = join(this.#parts.directory, `partial-${randomUUID()}`);
    try {
      await delay(DELAY_MS, undefined, { signal });
      await this.#clear();
      await mkdir(partial, { recursive: true, mode: 0o700 });
      const deadline = { ms: timeouts.vmBoot, what: "a virtual machine to save" };
      const started = performance.now();
      const key = await withDeadline(signal, deadline, (limit) =>
        this.#make(documents, { macAddress, partial }, limit),
      );
      await rename(partial, join(this.#parts.directory, key));
      this.#parts.log.info("virtual machine saved", { key, ms: Math.round(performance.now() - started) });
    } catch (error) {
      if (!signal.aborted) this.#parts.log.warn("the virtual machine was not saved", { error });
      await rm(partial, { recursive: true, force: true });
    }
  }

  /** Boots a machine of its own, as the one that runs but for the store, and saves it. Answers with its key. */
  async #make(
    documents: VmDocuments,
    { macAddress, partial }: { macAddress: string; partial: string },
    signal: AbortSignal,
  ): Promise<string> {
    const { compute, network } = this.#parts;
    await using scope = new Scope();
    const id = randomUUID();
    const { IpConfigurations: _, ...anyAddress } = documents.endpoint;
    const endpoint = await network.createEndpoint(
      NETWORK_ID,
      id,
      { ...anyAddress, MacAddress: macAddress },
      signal,
    );
    scope.defer(() => network.deleteEndpoint(id, AbortSignal.timeout(timeouts.vmTerminate)));
    const document = withoutConsole(documents.withoutStore(adapterOf(endpoint)));
    const file = join(partial, stateFile);
    await writeFile(file, "", { mode: 0o600 });
    const system = await compute.create(randomUUID(), savable(document, file), signal);
    scope.defer(() => system.close());
    await system.start(signal);
    await system.connect(AGENT_PORT, signal);
    await delay(SETTLE_MS, undefined, { signal });
    await system.pause(signal);
    await system.save({ SaveType: "ToFile", SaveStateFilePath: file }, signal);
    return compute.savedStateKey(document, signal);
  }

  #file(key: string): string {
    return join(this.#parts.directory, key, stateFile);
  }
}

const stateFile = "vm.vmrs";

/** The running machine has the console's socket. */
function withoutConsole(document: ComputeSystemDocument): ComputeSystemDocument {
  const { VirtualMachine } = document;
  const Devices = { ...VirtualMachine.Devices, ComPorts: { 0: { NamedPipe: "" } } };
  return { ...document, VirtualMachine: { ...VirtualMachine, Devices } };
}
