import type { EndpointProperties } from "../../../src/vm/network-service.ts";
import type { QemuNetworkService } from "../../../src/vm/qemu/network.ts";
import { isTswslError } from "../../../src/base/errors.ts";
import { hcnProblems } from "../hcs-schema.ts";
import { errorRecord, Hresult, HresultFailure } from "./hresults.ts";
import type { Session } from "./session.ts";
import type { CallResult } from "./stand-in-host.ts";
import type { Field } from "./wire.ts";

const { signal } = new AbortController();

interface Endpoint {
  readonly networkId: string;
  readonly properties: EndpointProperties;
}

/** What an open handle is of. */
interface Opened {
  readonly kind: "network" | "endpoint";
  readonly id: string;
}

/** computenetwork.dll: objects that persist beyond the process that made them, and handles that do not. */
export class NetworkCalls {
  readonly #service: QemuNetworkService;
  readonly #networks = new Map<string, object>();
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #handles = new Map<number, Opened>();
  readonly #attached = new Set<string>();
  #nextHandle = 0x5000;

  constructor(service: QemuNetworkService) {
    this.#service = service;
  }

  /** Of an endpoint that exists. */
  hasEndpoint(id: string): boolean {
    return this.#endpoints.has(id.toLowerCase());
  }

  /** A machine has these endpoints until the returned function is called. */
  attach(ids: readonly string[]): () => void {
    const keys = ids.map((id) => id.toLowerCase());
    for (const key of keys) this.#attached.add(key);
    return () => {
      for (const key of keys) this.#attached.delete(key);
    };
  }

  /** Undefined for a function of another library. */
  answer = async (
    session: Session,
    call: string,
    args: readonly Field[],
  ): Promise<CallResult | undefined> => {
    if (!call.startsWith("Hcn")) return undefined;
    try {
      return await this.#serve(
        session,
        call,
        args.map((field) => field ?? ""),
      );
    } catch (error) {
      throw withRecord(error);
    }
  };

  async #serve(session: Session, call: string, [first = "", second = "", third = ""]: readonly string[]) {
    switch (call) {
      case "HcnCreateNetwork":
        return await this.#createNetwork(session, first.toLowerCase(), second);
      case "HcnOpenNetwork":
        return this.#open(session, "network", first.toLowerCase());
      case "HcnDeleteNetwork":
        this.#delete(this.#networks, first, Hresult.networkNotFound);
        return done();
      case "HcnQueryNetworkProperties":
        return document(this.#networks.get(this.#opened(first).id));
      case "HcnCreateEndpoint":
        return await this.#createEndpoint(session, this.#opened(first).id, [second.toLowerCase(), third]);
      case "HcnOpenEndpoint":
        return this.#open(session, "endpoint", first.toLowerCase());
      case "HcnDeleteEndpoint":
        this.#delete(this.#endpoints, first, Hresult.endpointNotFound);
        await this.#service.deleteEndpoint(first, signal);
        return done();
      case "HcnQueryEndpointProperties":
        return document(this.#describe(this.#opened(first).id));
      case "HcnEnumerateEndpoints":
        return document(this.#enumerate(first));
      case "HcnCloseNetwork":
      case "HcnCloseEndpoint":
        this.#handles.delete(Number(first));
        session.handles.delete(Number(first));
        return done();
      default:
        throw new Error(`nothing serves ${call}`);
    }
  }

  async #createNetwork(session: Session, id: string, settings: string): Promise<CallResult> {
    const network = parse("HostComputeNetwork", settings);
    if (this.#networks.has(id))
      throw new HresultFailure(Hresult.networkAlreadyExists, `the network ${id} exists`);
    await this.#service.ensureNetwork(id, network, signal);
    this.#networks.set(id, { ID: id.toUpperCase(), ...network });
    return this.#open(session, "network", id);
  }

  async #createEndpoint(session: Session, networkId: string, [id, settings]: [string, string]) {
    const endpoint = parse("HostComputeEndpoint", settings);
    if (this.#endpoints.has(id))
      throw new HresultFailure(Hresult.endpointAlreadyExists, `the endpoint ${id} exists`);
    const properties = await this.#service.createEndpoint(networkId, id, endpoint, signal);
    this.#endpoints.set(id, { networkId, properties });
    return this.#open(session, "endpoint", id);
  }

  #open(session: Session, kind: Opened["kind"], id: string): CallResult {
    const exists = kind === "network" ? this.#networks.has(id) : this.#endpoints.has(id);
    if (!exists) {
      const hresult = kind === "network" ? Hresult.networkNotFound : Hresult.endpointNotFound;
      throw new HresultFailure(hresult, `there is no ${kind} ${id}`);
    }
    const handle = this.#nextHandle++;
    this.#handles.set(handle, { kind, id });
    session.handles.add(handle);
    return { results: [null, String(handle)] };
  }

  #opened(handle: string): Opened {
    const found = this.#handles.get(Number(handle));
    if (!found) throw new HresultFailure(Hresult.invalidHandle, "no open handle");
    return found;
  }

  #delete(from: Map<string, unknown>, id: string, missing: number): void {
    if (!from.delete(id.toLowerCase())) throw new HresultFailure(missing, `there is no ${id}`);
  }

  /** The old reply shape, which a NULL query gives. */
  #describe(id: string): object {
    const endpoint = this.#endpoints.get(id);
    if (!endpoint) throw new HresultFailure(Hresult.endpointNotFound, `there is no endpoint ${id}`);
    const { properties, networkId } = endpoint;
    return {
      ID: id.toUpperCase(),
      VirtualNetwork: networkId.toUpperCase(),
      IPAddress: properties.address,
      PrefixLength: properties.prefixLength,
      GatewayAddress: properties.gateway,
      MacAddress: properties.macAddress,
      DNSServerList: properties.dnsServers.join(","),
      Policies: [],
      // Replies have more in them than anyone has written down.
      ActivityId: "00000000-0000-0000-0000-000000000000",
      State: this.#attached.has(id) ? 2 : 1,
    };
  }

  /** Ids, of one network where the query's filter says so; the filter is JSON within JSON. */
  #enumerate(query: string): readonly string[] {
    const parsed = query === "" ? {} : (parse("HostComputeQuery", query) as { Filter?: string });
    // Checked against the schema just now.
    const filter = JSON.parse(parsed.Filter ?? "{}") as { VirtualNetwork?: string };
    const wanted = filter.VirtualNetwork?.toLowerCase();
    return [...this.#endpoints]
      .filter(([, { networkId }]) => wanted === undefined || networkId === wanted)
      .map(([id]) => id.toUpperCase());
  }
}

const done = (): CallResult => ({ results: [null] });
const document = (value: unknown): CallResult => ({ results: [null, JSON.stringify(value)] });

function parse(name: string, text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new HresultFailure(Hresult.hcnInvalidJson, "the settings are not JSON");
  }
  const [problem] = hcnProblems(name, value);
  if (problem !== undefined) throw new HresultFailure(Hresult.hcnInvalidJson, problem);
  // An object, says its schema.
  return value as object;
}

function withRecord(error: unknown): HresultFailure {
  const failure =
    error instanceof HresultFailure
      ? error
      : new HresultFailure(
          isTswslError(error, "invalid-argument") ? Hresult.hcnInvalidJson : Hresult.fail,
          error instanceof Error ? error.message : String(error),
        );
  return new HresultFailure(failure.hresult, failure.message, errorRecord(failure));
}
