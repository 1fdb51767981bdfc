import { getServers } from "node:dns";
import { isIPv4 } from "node:net";
import * as v from "valibot";
import type { HcsModule, Outcome } from "../../../native/hcs/native.d.ts";
import { throwIfAborted, withDeadline } from "../../base/deadline.ts";
import { TswslError } from "../../base/errors.ts";
import type { Logger } from "../../base/log.ts";
import { timeouts } from "../../base/timeouts.ts";
import type { EndpointProperties, HcnDocument, NetworkService } from "../network-service.ts";
import { documentOf, failed, failedWith } from "./outcome.ts";

const ENDPOINT_NOT_FOUND = 0x803b0002;
const NETWORK_ALREADY_EXISTS = 0x803b0010;

/** States of an endpoint that a machine has (HNS's EndpointState: Attached, AttachedSharing). */
const attachedStates: ReadonlySet<number> = new Set([2, 3]);

/** The reply to a query without a document; there is more in it, and not the same on every Windows. */
const Endpoint = v.object({
  IPAddress: v.string(),
  PrefixLength: v.number(),
  GatewayAddress: v.optional(v.string(), ""),
  MacAddress: v.string(),
  DNSServerList: v.optional(v.string(), ""),
});
const EndpointState = v.object({ State: v.number() });
const Ids = v.array(v.string());

export interface HcnNetworkServiceOptions {
  /** hcs.node */
  readonly hcs: HcsModule;
  readonly log: Logger;
}

/**
 * The network service of Windows. Its objects outlive us: a network that exists is used, and endpoints that a crashed
 * session left in it are deleted the first time.
 */
export class HcnNetworkService implements NetworkService {
  readonly #hcs: HcsModule;
  readonly #log: Logger;
  readonly #cleaned = new Set<string>();

  constructor({ hcs, log }: HcnNetworkServiceOptions) {
    this.#hcs = hcs;
    this.#log = log;
  }

  async ensureNetwork(id: string, document: HcnDocument, signal: AbortSignal): Promise<void> {
    const text = JSON.stringify(document);
    const outcome = await this.#call(signal, () => this.#hcs.createNetwork(id, text));
    if (failedWith(outcome, NETWORK_ALREADY_EXISTS)) {
      // One with its name only would be somebody else's: then the id is not found.
      documentOf("HcnOpenNetwork", await this.#call(signal, () => this.#hcs.queryNetwork(id, null)));
    } else {
      documentOf("HcnCreateNetwork", outcome);
    }
    if (this.#cleaned.has(id)) return;
    this.#cleaned.add(id);
    await this.#deleteStale(id, signal);
  }

  async createEndpoint(
    networkId: string,
    id: string,
    document: HcnDocument,
    signal: AbortSignal,
  ): Promise<EndpointProperties> {
    const text = JSON.stringify(document);
    const outcome = await this.#call(signal, () => this.#hcs.createEndpoint(networkId, id, text));
    documentOf("HcnCreateEndpoint", outcome);
    const reply = documentOf(
      "HcnQueryEndpointProperties",
      await this.#call(signal, () => this.#hcs.queryEndpoint(id, null)),
    );
    return endpointProperties(id, reply);
  }

  async deleteEndpoint(id: string, signal: AbortSignal): Promise<void> {
    const outcome = await this.#call(signal, () => this.#hcs.deleteEndpoint(id));
    if (!failedWith(outcome, ENDPOINT_NOT_FOUND)) documentOf("HcnDeleteEndpoint", outcome);
  }

  /** Those that no machine has. What cannot be deleted is in nobody's way but its address. */
  async #deleteStale(networkId: string, signal: AbortSignal): Promise<void> {
    const filter = JSON.stringify({ VirtualNetwork: networkId });
    const query = { SchemaVersion: { Major: 2, Minor: 0 }, Flags: 0, Filter: filter };
    const reply = await this.#call(signal, () => this.#hcs.enumerateEndpoints(JSON.stringify(query)));
    if (failed(reply)) {
      this.#log.warn("cannot look for left over network endpoints", { hresult: reply.hresult });
      return;
    }
    for (const id of parse(Ids, reply.document) ?? []) {
      const endpoint = await this.#call(signal, () => this.#hcs.queryEndpoint(id, null));
      const state = failed(endpoint) ? undefined : parse(EndpointState, endpoint.document)?.State;
      if (state === undefined || attachedStates.has(state)) continue;
      this.#log.info("deleting a left over network endpoint", { id });
      await this.#call(signal, () => this.#hcs.deleteEndpoint(id));
    }
  }

  async #call(signal: AbortSignal, call: () => Promise<Outcome>): Promise<Outcome> {
    throwIfAborted(signal);
    return await withDeadline(signal, { ms: timeouts.hcnCall, what: "the Host Network Service" }, call);
  }
}

function endpointProperties(id: string, reply: string | null): EndpointProperties {
  const endpoint = parse(Endpoint, reply);
  if (!endpoint) {
    throw new TswslError("protocol", "the Host Network Service describes an endpoint in no known way", {
      hint: "See what it says: hnsdiag list endpoints -df",
    });
  }
  const dnsServers = endpoint.DNSServerList.split(",").filter((server) => server !== "");
  return {
    id,
    macAddress: endpoint.MacAddress.toUpperCase(),
    address: endpoint.IPAddress,
    prefixLength: endpoint.PrefixLength,
    gateway: endpoint.GatewayAddress,
    // WinNAT has no resolver of its own; then the host's are the best there are.
    dnsServers: dnsServers.length > 0 ? dnsServers : getServers().filter((server) => isIPv4(server)),
  };
}

/** A reply, or undefined when it is not what we know. */
function parse<S extends v.GenericSchema>(schema: S, text: string | null): v.InferOutput<S> | undefined {
  try {
    const result = v.safeParse(schema, JSON.parse(text ?? ""));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}
