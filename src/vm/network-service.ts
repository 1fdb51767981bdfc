/** An HCN document as JSON. The service validates what it uses; builders (src/net) have their own precise types. */
export type HcnDocument = object;

/**
 * The port behind which networks are made: the Host Compute Network service on Windows, QEMU's user-mode network
 * elsewhere. Both take the same HCN documents.
 */
export interface NetworkService {
  /** Creates the network, or opens the one that exists under this id. */
  ensureNetwork(id: string, document: HcnDocument, signal: AbortSignal): Promise<void>;

  /** Creates an endpoint on a network. Raises `exists` for an id in use, `not-found` for the network. */
  createEndpoint(
    networkId: string,
    id: string,
    document: HcnDocument,
    signal: AbortSignal,
  ): Promise<EndpointProperties>;

  /** Idempotent. */
  deleteEndpoint(id: string, signal: AbortSignal): Promise<void>;
}

/** What the guest must be told: there is no DHCP. */
export interface EndpointProperties {
  readonly id: string;
  /** `00-15-5D-xx-xx-xx`, as HCN writes it. */
  readonly macAddress: string;
  readonly address: string;
  readonly prefixLength: number;
  readonly gateway: string;
  readonly dnsServers: readonly string[];
}
