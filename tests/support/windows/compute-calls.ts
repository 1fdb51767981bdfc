import { writeFile } from "node:fs/promises";
import type { Socket } from "node:net";
import type { QemuComputeService } from "../../../src/vm/qemu/service.ts";
import type { ModifySettingRequest, SaveOptions, SystemExitStatus } from "../../../src/vm/hcs-types.ts";
import { hcsProblems } from "../hcs-schema.ts";
import { toLinuxDocument, toLinuxRequest } from "./documents.ts";
import { strike, type Faults } from "./faults.ts";
import { Grants } from "./grants.ts";
import { Hresult, HresultFailure } from "./hresults.ts";
import type { NetworkCalls } from "./network-calls.ts";
import { Operation } from "./operation.ts";
import { SerialPorts } from "./serial-ports.ts";
import type { Session } from "./session.ts";
import type { CallResult } from "./stand-in-host.ts";
import { ServedSystem } from "./served-system.ts";
import { encodeMessage, type Field } from "./wire.ts";

const { signal } = new AbortController();
const SYSTEM_EXITED = "1";
/** Winsock's "connection refused". */
const REFUSED = "10061";

export interface ComputeCallsOptions {
  readonly service: QemuComputeService;
  readonly network: NetworkCalls;
  readonly prefix: string;
  /** For the sockets between QEMU's serial ports and here. */
  readonly directory: string;
  readonly faults: Faults;
}

/** computecore.dll: systems by handle, operations, and who may open which file. */
export class ComputeCalls {
  readonly #options: ComputeCallsOptions;
  readonly #systems = new Map<number, ServedSystem>();
  readonly #grants: Grants;
  readonly #serialPorts: SerialPorts;
  readonly #closing = new Set<Promise<void>>();
  /** No news of a machine's end is sent, for tests of what then happens. */
  mute = false;
  /** What is at the other end of a guest's port instead of the guest, for tests of hostile ones. */
  hostileGuest: ((socket: Socket) => void) | undefined;
  #nextHandle = 0x1000;

  constructor(options: ComputeCallsOptions) {
    this.#options = options;
    this.#serialPorts = new SerialPorts(options.directory);
    this.#grants = new Grants(options.prefix);
  }

  /** Ids of machines that may still open a file, by file: empty when all was revoked. */
  grants(): readonly string[] {
    return this.#grants.all();
  }

  /** Resolves when the machines of processes that are gone are gone too. */
  async idle(): Promise<void> {
    await Promise.all(this.#closing);
  }

  serialConnected(socket: Socket, facts: readonly Field[]): void {
    this.#serialPorts.connected(socket, facts);
  }

  /** A library wants a stream to a guest's port. Refused until the guest has opened it, as by a Linux that boots. */
  guestConnected(socket: Socket, [vm, service]: readonly Field[]): void {
    if (this.hostileGuest) {
      socket.write(encodeMessage(["0"]));
      return this.hostileGuest(socket);
    }
    const system = [...this.#systems.values()].find(({ id }) => id === vm?.toLowerCase());
    const stream = system?.takeStream(service ?? "");
    if (!stream) {
      socket.end(encodeMessage([REFUSED]));
      return;
    }
    socket.write(encodeMessage(["0"]));
    socket.pipe(stream).pipe(socket);
    // Either end breaks the other.
    stream.on("close", () => socket.destroy()).on("error", () => socket.destroy());
    socket.on("close", () => stream.destroy());
  }

  /** Undefined for a function of another library. */
  answer = async (
    session: Session,
    call: string,
    args: readonly Field[],
  ): Promise<CallResult | undefined> => {
    if (!call.startsWith("Hcs")) return undefined;
    const fault = this.#options.faults.take(call);
    const [first, second, third] = args;
    switch (call) {
      case "HcsCreateOperation":
        await strike(fault);
        return this.#createOperation(session);
      case "HcsCloseOperation":
        session.operations.delete(Number(first));
        return done;
      case "HcsGetOperationResult": {
        const { hresult, document } = this.#operation(session, first).result();
        return { hresult, results: [document] };
      }
      case "HcsWaitForOperationResult": {
        const { hresult, document } = await this.#operation(session, first).wait(Number(second));
        return { hresult, results: [document] };
      }
      case "HcsGrantVmAccess":
      case "HcsRevokeVmAccess":
        await strike(fault);
        this.#grants.change(call, first ?? "", second ?? "");
        return done;
      case "HcsCreateEmptyRuntimeStateFile":
        await strike(fault);
        await writeFile(this.#grants.file(first ?? ""), "", { flag: "wx" });
        return done;
      case "HcsGetServiceProperties":
        await strike(fault);
        return { results: [JSON.stringify(serviceProperties)] };
      case "HcsSetComputeSystemCallback":
        await strike(fault);
        this.#system(first).listening = true;
        return done;
      case "HcsCloseComputeSystem":
        await this.#close(session, Number(first));
        return done;
      case "HcsEnumerateComputeSystems":
        this.#operation(session, second).begin(async () => {
          await strike(fault);
          return JSON.stringify(await this.#describeAll());
        });
        return done;
      case "HcsCreateComputeSystem": {
        const operation = this.#operation(session, third);
        if (fault?.refused) await strike(fault);
        const system = this.#newSystem(session, first ?? "");
        operation.begin(async () => {
          await strike(fault);
          await this.#create(system, second ?? "");
          return null;
        });
        return { results: [String(system.handle)] };
      }
      default: {
        const system = this.#system(first);
        const operation = this.#operation(session, second);
        if (fault?.refused) await strike(fault);
        operation.begin(async () => {
          await strike(fault);
          return await this.#call(system, call, third ?? null);
        });
        return done;
      }
    }
  };

  /** The functions that are about one system and are tracked by an operation. */
  async #call(served: ServedSystem, call: string, document: string | null): Promise<string | null> {
    const { system } = served;
    if (!system) throw new HresultFailure(Hresult.invalidState, "the compute system was not created");
    switch (call) {
      case "HcsStartComputeSystem":
        if (served.exited) throw new HresultFailure(Hresult.systemAlreadyStopped, "it has stopped");
        await system.start(signal);
        return null;
      case "HcsTerminateComputeSystem":
        if (served.exited) throw new HresultFailure(Hresult.systemAlreadyStopped, "it has stopped");
        await system.terminate(signal);
        return null;
      case "HcsPauseComputeSystem":
        await system.pause(signal);
        return null;
      case "HcsSaveComputeSystem": {
        // Valid by its schema; QEMU's service refuses what it cannot do.
        const { SaveStateFilePath } = parse("SaveOptions", document) as SaveOptions;
        await system.save(
          { SaveType: "ToFile", SaveStateFilePath: this.#grants.file(SaveStateFilePath) },
          signal,
        );
        return null;
      }
      case "HcsModifyComputeSystem": {
        // As above.
        const request = parse("ModifySettingRequest", document) as ModifySettingRequest;
        await system.modify(toLinuxRequest(request, this.#grants.use(served.id)), signal);
        return null;
      }
      case "HcsGetComputeSystemProperties":
        return JSON.stringify(await system.properties(signal));
      default:
        throw new Error(`nothing serves ${call}`);
    }
  }

  #createOperation(session: Session): CallResult {
    const handle = this.#nextHandle++;
    session.operations.set(handle, new Operation());
    return { results: [String(handle)] };
  }

  #operation(session: Session, handle: Field | undefined): Operation {
    const found = session.operations.get(Number(handle));
    if (!found) throw new HresultFailure(Hresult.invalidHandle, "no operation");
    return found;
  }

  #system(handle: Field | undefined): ServedSystem {
    const found = this.#systems.get(Number(handle));
    if (!found) throw new HresultFailure(Hresult.invalidHandle, "no compute system");
    return found;
  }

  #newSystem(session: Session, id: string): ServedSystem {
    const handle = this.#nextHandle++;
    const system = new ServedSystem(session, handle, id.toLowerCase());
    this.#systems.set(handle, system);
    session.handles.add(handle);
    session.whenGone(() => void this.#close(session, handle));
    return system;
  }

  async #create(served: ServedSystem, text: string): Promise<void> {
    const document = parse("ComputeSystem", text);
    for (const other of this.#systems.values()) {
      if (other !== served && other.system && other.id === served.id) {
        throw new HresultFailure(Hresult.systemAlreadyExists, `a compute system ${served.id} exists`);
      }
    }
    const { pipe, endpoints, translated } = toLinuxDocument(document, this.#grants.use(served.id));
    for (const id of endpoints) {
      if (!this.#options.network.hasEndpoint(id)) {
        throw new HresultFailure(Hresult.endpointNotFound, `there is no endpoint ${id}`);
      }
    }
    const port = await this.#serialPorts.open(served.session, pipe);
    served.whenClosed(port.close);
    try {
      served.created(await this.#options.service.create(served.id, translated(port.path), signal));
      served.whenClosed(this.#options.network.attach(endpoints));
    } catch (error) {
      // The one state that creation finds wrong: an endpoint of another machine.
      if ((error as { code?: string }).code !== "invalid-state") throw error;
      throw new HresultFailure(Hresult.endpointAlreadyAttached, String(error));
    }
    void this.#watch(served);
  }

  async #watch(served: ServedSystem): Promise<void> {
    const status: SystemExitStatus | undefined = await served.system?.exited;
    served.exited = true;
    if (!served.listening || this.mute) return;
    served.session.send(["event", String(served.handle), SYSTEM_EXITED, JSON.stringify(status)]);
  }

  async #close(session: Session, handle: number): Promise<void> {
    const system = this.#systems.get(handle);
    if (!system) return;
    this.#systems.delete(handle);
    session.handles.delete(handle);
    // Unregistered: no event for what closing does.
    system.listening = false;
    const closing = system.close();
    this.#closing.add(closing);
    await closing.finally(() => this.#closing.delete(closing));
  }

  async #describeAll(): Promise<readonly object[]> {
    const systems = [...this.#systems.values()].flatMap(({ system }) => system ?? []);
    return await Promise.all(systems.map((system) => system.properties(signal)));
  }
}

const done: CallResult = { results: [] };

const serviceProperties = {
  Properties: [{ SupportedSchemaVersions: [2, 3].map((Minor) => ({ Major: 2, Minor })) }],
};

/** A document of this type, or HCS_E_INVALID_JSON naming what is wrong with it. */
function parse(name: string, text: string | null): object {
  let value: unknown;
  try {
    value = JSON.parse(text ?? "");
  } catch {
    throw new HresultFailure(Hresult.invalidJson, `the ${name} is not JSON`);
  }
  const [problem] = hcsProblems(name, value);
  if (problem !== undefined)
    throw new HresultFailure(Hresult.invalidJson, `Invalid JSON document: ${problem}`);
  // An object, says its schema.
  return value as object;
}
