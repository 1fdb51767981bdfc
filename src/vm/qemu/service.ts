import { throwIfAborted } from "../../base/deadline.ts";
import { TswslError } from "../../base/errors.ts";
import type { Logger } from "../../base/log.ts";
import { Scope } from "../../base/scope.ts";
import type { ComputeService, ComputeSystem } from "../compute-service.ts";
import type { ComputeSystemDocument } from "../hcs-types.ts";
import { acceleratorCandidates, chooseAccelerator, probeKey, realProbe } from "./accelerators.ts";
import { checkDocumentFiles } from "./files.ts";
import { findQemu, type Qemu } from "./find-qemu.ts";
import type { Accelerator } from "./machine.ts";
import type { NetworkBackend, QemuNetworkService } from "./network.ts";
import { QemuComputeSystem } from "./system.ts";
import { stateKey } from "./state-key.ts";
import { validateDocument, validateId } from "./validate.ts";

export interface QemuComputeServiceOptions {
  /** Where the endpoints that documents name were made. */
  readonly network: QemuNetworkService;
  /** Remembers which accelerator works. */
  readonly acceleratorFile: string;
  readonly log: Logger;
  /** Where to look for QEMU; by default this process's PATH. */
  readonly path?: string | undefined;
}

/** The compute service over QEMU's microvm: HCS v2 documents in, virtual machines out. */
export class QemuComputeService implements ComputeService {
  readonly name = "QEMU";
  readonly #options: QemuComputeServiceOptions;
  readonly #ids = new Set<string>();
  /** Probes one after the other: a second caller finds the first one's answer in the file. */
  #probing: Promise<unknown> = Promise.resolve();

  constructor(options: QemuComputeServiceOptions) {
    this.#options = options;
  }

  async create(id: string, document: ComputeSystemDocument, signal: AbortSignal): Promise<ComputeSystem> {
    throwIfAborted(signal);
    const key = validateId(id).toLowerCase();
    const served = validateDocument(document);
    if (this.#ids.has(key)) throw new TswslError("exists", `a compute system with the id ${id} exists`);
    this.#ids.add(key);
    const scope = new Scope();
    scope.defer(() => void this.#ids.delete(key));
    try {
      await checkDocumentFiles(served);
      const qemu = await findQemu(this.#options.path ?? process.env["PATH"], signal);
      const accelerator = await this.#accelerator(qemu, served, signal);
      const networks = this.#attach(served, scope);
      throwIfAborted(signal);
      return new QemuComputeSystem({
        id,
        document: served,
        qemu,
        accelerator,
        networks,
        scope,
        log: this.#options.log,
      });
    } catch (error) {
      await scope.close();
      throw error;
    }
  }

  async savedStateKey(document: ComputeSystemDocument, signal: AbortSignal): Promise<string> {
    throwIfAborted(signal);
    const served = validateDocument(document);
    if (process.platform === "win32") {
      throw new TswslError("unsupported", "QEMU on Windows cannot keep a machine's memory in a file");
    }
    await checkDocumentFiles(served);
    const qemu = await findQemu(this.#options.path ?? process.env["PATH"], signal);
    return stateKey({ document: served, qemu, accelerator: await this.#accelerator(qemu, served, signal) });
  }

  async #accelerator(qemu: Qemu, document: ComputeSystemDocument, signal: AbortSignal): Promise<Accelerator> {
    const { acceleratorFile: file, log } = this.#options;
    const kernel = document.VirtualMachine.Chipset.LinuxKernelDirect.KernelFilePath;
    const choose = async (): Promise<Accelerator> => {
      const candidates = await acceleratorCandidates(process.platform);
      const key = await probeKey(qemu, kernel);
      return chooseAccelerator({ candidates, key, file, probe: realProbe(qemu, kernel), log }, signal);
    };
    const chosen = this.#probing.then(choose, choose);
    this.#probing = chosen.catch(() => {});
    return chosen;
  }

  #attach({ VirtualMachine }: ComputeSystemDocument, scope: Scope): ReadonlyMap<string, NetworkBackend> {
    const { network } = this.#options;
    const backends = new Map<string, NetworkBackend>();
    for (const { EndpointId, MacAddress } of Object.values(VirtualMachine.Devices.NetworkAdapters ?? {})) {
      backends.set(EndpointId, network.attach(EndpointId, MacAddress));
      scope.defer(() => network.detach(EndpointId));
    }
    return backends;
  }
}
