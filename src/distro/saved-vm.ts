import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, stat, statfs, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { withDeadline } from "../base/deadline.ts";
import type { Logger } from "../base/log.ts";
import { Scope } from "../base/scope.ts";
import { timeouts } from "../base/timeouts.ts";
import { AGENT_PORT } from "../protocol/guest.ts";
import { AgentClient } from "../vm/agent-client.ts";
import type { ComputeService } from "../vm/compute-service.ts";
import { savable } from "../vm/document.ts";
import type { ComputeSystemDocument } from "../vm/hcs-types.ts";
import type { NetworkService } from "../vm/network-service.ts";
import { adapterOf, NETWORK_ID, type NetworkConfiguration, type VmDocuments } from "./vm-documents.ts";

/** The first commands have the host to themselves. */
const DELAY_MS = 5000;
/** State, memory and the copy for the next start take up to 0.6 GB; a disk that is nearly full has better uses. */
const MIN_FREE_BYTES = 2 * 1024 ** 3;
/** The agent has forgotten us, and the kernel's last deferred work is done. */
const SETTLE_MS = 500;

/** What a saved machine is, but for what the compute service knows of itself. */
export interface SavedFacts {
  readonly document: ComputeSystemDocument;
  readonly network: NetworkConfiguration;
}

export interface SavedVmRequest {
  readonly documents: VmDocuments;
  readonly macAddress: string;
  readonly network: NetworkConfiguration;
}

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
  async find(wanted: SavedFacts, signal: AbortSignal): Promise<string | undefined> {
    try {
      const names = await readdir(this.#parts.directory).catch(() => []);
      if (names.length === 0) return undefined;
      const file = join(this.#parts.directory, await this.#key(wanted, signal), stateFile);
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
  makeLater(wanted: SavedVmRequest): void {
    if (this.#making) return;
    const aborter = new AbortController();
    const done = this.#makeQuietly(wanted, aborter.signal).finally(() => {
      this.#making = undefined;
    });
    this.#making = { aborter, done };
  }

  /** Gives up what is being made, and leaves nothing of it. */
  async close(): Promise<void> {
    this.#making?.aborter.abort();
    await this.#making?.done;
  }

  async #hasSpace(): Promise<boolean> {
    const { bavail, bsize } = await statfs(dirname(this.#parts.directory));
    if (bavail * bsize >= MIN_FREE_BYTES) return true;
    this.#parts.log.info("no space to save the virtual machine", { free: bavail * bsize });
    return false;
  }

  async #clear(): Promise<void> {
    await rm(this.#parts.directory, { recursive: true, force: true });
  }

  async #makeQuietly(wanted: SavedVmRequest, signal: AbortSignal): Promise<void> {
    const partial = join(this.#parts.directory, `partial-${randomUUID()}`);
    try {
      await delay(DELAY_MS, undefined, { signal });
      await this.#clear();
      if (!(await this.#hasSpace())) return;
      await mkdir(partial, { recursive: true, mode: 0o700 });
      const deadline = { ms: timeouts.vmBoot, what: "a virtual machine to save" };
      const started = performance.now();
      const key = await withDeadline(signal, deadline, (limit) =>
        this.#make(wanted, join(partial, stateFile), limit),
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
    { documents, macAddress, network: configuration }: SavedVmRequest,
    file: string,
    signal: AbortSignal,
  ): Promise<string> {
    const { compute, network } = this.#parts;
    await using scope = new Scope();
    const id = randomUUID();
    const { IpConfigurations: _, ...anyAddress } = documents.endpoint;
    const wanted = { ...anyAddress, MacAddress: macAddress };
    const endpoint = await network.createEndpoint(NETWORK_ID, id, wanted, signal);
    scope.defer(() => network.deleteEndpoint(id, AbortSignal.timeout(timeouts.vmTerminate)));
    const document = withoutConsole(documents.withoutStore(adapterOf(endpoint)));
    await writeFile(file, "", { mode: 0o600 });
    const system = await compute.create(randomUUID(), savable(document, file), signal);
    scope.defer(() => system.close());
    await system.start(signal);
    await prepare(await system.connect(AGENT_PORT, signal), configuration, signal);
    await delay(SETTLE_MS, undefined, { signal });
    await system.pause(signal);
    await system.save({ SaveType: "ToFile", SaveStateFilePath: file }, signal);
    return this.#key({ document, network: configuration }, signal);
  }

  async #key({ document, network }: SavedFacts, signal: AbortSignal): Promise<string> {
    const machine = await this.#parts.compute.savedStateKey(document, signal);
    const told = createHash("sha256").update(JSON.stringify(network)).digest("hex").slice(0, 8);
    return `${machine}-${told}`;
  }
}

/** Tells the agent all that does not change from start to start, and leaves it as if nobody had been there. */
async function prepare(link: Duplex, network: NetworkConfiguration, signal: AbortSignal): Promise<void> {
  // At the lowest priority everything may take as long as a boot.
  const patient = { signal, deadline: timeouts.vmBoot };
  // Never closed: the link stays up until the machine is saved, since a restored QEMU has it up at once. (A port that
  // was closed when it was saved, and is open when it is restored, lost bytes in about a quarter of the restores.)
  const agent = await AgentClient.connect(link, signal);
  await agent.call("agent.hello", { protocol: 1 }, patient);
  await agent.call("network.configure", network, patient);
  await agent.call("vm.prepareSave", {}, patient);
}

const stateFile = "vm.vmrs";

/** The running machine has the console's socket. */
function withoutConsole(document: ComputeSystemDocument): ComputeSystemDocument {
  const { VirtualMachine } = document;
  const Devices = { ...VirtualMachine.Devices, ComPorts: { 0: { NamedPipe: "" } } };
  return { ...document, VirtualMachine: { ...VirtualMachine, Devices } };
}
