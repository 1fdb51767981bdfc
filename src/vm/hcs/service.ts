import { rm, stat } from "node:fs/promises";
import type { ComputeSystem as NativeSystem, HcsModule } from "../../../native/hcs/native.d.ts";
import type { VmpModule } from "../../../native/vmp/native.d.ts";
import { throwIfAborted, withDeadline } from "../../base/deadline.ts";
import { TswslError } from "../../base/errors.ts";
import type { Logger } from "../../base/log.ts";
import { Scope } from "../../base/scope.ts";
import { timeouts } from "../../base/timeouts.ts";
import type { ComputeService, ComputeSystem } from "../compute-service.ts";
import type { ComputeSystemDocument } from "../hcs-types.ts";
import { documentFiles } from "./document-files.ts";
import { FileGrants } from "./file-grants.ts";
import { documentOf } from "./outcome.ts";
import { hcsStateKey } from "./state-key.ts";
import { HcsComputeSystem } from "./system.ts";
import { SystemEvents } from "./system-events.ts";

export interface HcsComputeServiceOptions {
  /** hcs.node */
  readonly hcs: HcsModule;
  /** vmp.node */
  readonly vmp: VmpModule;
  readonly log: Logger;
}

const guid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** The compute service of Windows: documents go to computecore.dll as they are. */
export class HcsComputeService implements ComputeService {
  readonly name = "HCS";
  readonly #options: HcsComputeServiceOptions;

  constructor(options: HcsComputeServiceOptions) {
    this.#options = options;
  }

  async create(id: string, document: ComputeSystemDocument, signal: AbortSignal): Promise<ComputeSystem> {
    throwIfAborted(signal);
    // HCS takes any text; but only a GUID is the machine's address too (HvSocket, HcsGrantVmAccess).
    if (!guid.test(id)) {
      throw new TswslError("invalid-argument", `the id of a compute system must be a GUID, not '${id}'`);
    }
    const { hcs, vmp, log } = this.#options;
    const events = new SystemEvents(log);
    const grants = new FileGrants(hcs, id, log);
    await using scope = new Scope();
    scope.defer(() => grants.revokeAll());
    await this.#makeStateFile(document);
    // All at once, and all to their end: what was granted is taken back whichever failed.
    const granted = await Promise.allSettled(documentFiles(document).map((file) => grants.grant(file)));
    for (const grant of granted) if (grant.status === "rejected") throw grant.reason;
    throwIfAborted(signal);
    const creating = hcs.createComputeSystem(id, JSON.stringify(document), events.receive);
    const deadline = { ms: timeouts.hcsStart, what: "HCS to create the virtual machine" };
    const outcome = await withDeadline(signal, deadline, () => creating).catch((error: unknown) => {
      // It goes on without us, and nobody would have what it makes.
      void creating.then(({ system }) => system?.close());
      throw error;
    });
    documentOf("HcsCreateComputeSystem", outcome);
    scope.keep();
    return new HcsComputeSystem({ id, document, native: created(outcome.system), vmp, events, grants, log });
  }

  async savedStateKey(document: ComputeSystemDocument, signal: AbortSignal): Promise<string> {
    throwIfAborted(signal);
    return await hcsStateKey(document);
  }

  /** HCS saves only to a file that it has made itself; the caller's is an empty one. */
  async #makeStateFile({ VirtualMachine: { GuestState } }: ComputeSystemDocument): Promise<void> {
    if (!GuestState) return;
    const { RuntimeStateFilePath: path } = GuestState;
    const found = await stat(path).catch(() => undefined);
    if (found && found.size > 0) return;
    if (found) await rm(path);
    documentOf("HcsCreateEmptyRuntimeStateFile", await this.#options.hcs.createEmptyRuntimeStateFile(path));
  }
}

function created(system: NativeSystem | null): NativeSystem {
  if (system) return system;
  throw new TswslError("internal", "HCS created a virtual machine and gave no handle of it");
}
