/**
 * Where another thread of this process opens a stream to a service of the guest: plain data, so that it can be sent
 * there. A stream itself cannot: it belongs to the event loop that made it.
 */
export type StreamAddress =
  /** A unix socket that the machine listens on, for one client. */
  | { readonly kind: "socket"; readonly path: string }
  /** A Hyper-V socket: the machine's RuntimeId and the service's GUID. */
  | { readonly kind: "hv-socket"; readonly vmId: string; readonly serviceId: string };

/** An address that holds until it is closed: once somebody has connected, or nobody will. */
export interface StreamOffer {
  readonly address: StreamAddress;
  close(): Promise<void>;
}
