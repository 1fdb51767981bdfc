/**
 * vmp.node: calls of Windows that stand around HCS. Each blocking call runs on a thread of its own. Every promise
 * resolves; a failure is in `error`. Arguments of the wrong type throw a TypeError.
 */

export interface SocketOutcome {
  /** Zero, or a Winsock error: 10061 is "connection refused". */
  readonly error: number;
}

export interface ReadOutcome extends SocketOutcome {
  /** Empty at the other side's end. */
  readonly chunk: Buffer;
}

/** A connected socket. One read and one write may be in progress; close ends both with 10101. */
export interface HvSocket {
  read(): Promise<ReadOutcome>;
  /** Resolves when all of it has gone. The buffer must not change until then. */
  write(bytes: Buffer): Promise<SocketOutcome>;
  /** Tells the other side that nothing more comes. */
  shutdown(): Promise<SocketOutcome>;
  /** Idempotent; the other calls throw afterwards. */
  close(): void;
}

export interface OpenOutcome extends SocketOutcome {
  /** Present when `error` is zero. */
  readonly socket?: HvSocket;
}

/** A listening socket. One accept may be in progress; close ends it with 10101. */
export interface HvListener {
  accept(): Promise<OpenOutcome>;
  close(): void;
}

export interface ListenOutcome extends SocketOutcome {
  /** Present when `error` is zero. */
  readonly listener?: HvListener;
}

/** The addon's exports. */
export interface VmpModule {
  /** Dials a service in a virtual machine: both are GUIDs. `timeoutMs` is at most 300,000. */
  connectHvSocket(vmId: string, serviceId: string, timeoutMs: number): Promise<OpenOutcome>;
  /** Listens for one virtual machine's connections. */
  listenHvSocket(vmId: string, serviceId: string): Promise<ListenOutcome>;
}
