/**
 * vmp.node: calls of Windows that stand around HCS. Sockets are read and written by overlapped calls, which Windows's own
 * threads wait for; each other blocking call runs on a thread of its own. Every promise resolves; a failure is in `error`.
 * Arguments of the wrong type throw a TypeError.
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

/** Who owns an object, and who may do what with it. */
export interface ObjectOwner {
  /** Zero, or a Win32 error: 2 is "not found". */
  readonly error: number;
  /** A SID, `S-1-5-…`. */
  readonly owner: string | null;
  /** The access list in the Security Descriptor Definition Language: `D:P(A;;GA;;;SY)…`. */
  readonly access: string | null;
  /** Of a pipe: the process that serves it, zero when that has gone. */
  readonly process: number;
}

/** The token of this process. */
export interface ProcessToken {
  /** Zero, or a Win32 error. */
  readonly error: number;
  /** The user's SID. */
  readonly user: string | null;
  /** The SID that owns what this process makes: the user's, or Administrators when elevated. */
  readonly owner: string | null;
  /** True when an administrator's rights are in force, and not only at hand. */
  readonly elevated: boolean;
  /** SIDs of the groups that grant something now. */
  readonly groups: readonly string[];
}

/** GET_VIRTUAL_DISK_INFO_SIZE. */
export interface VirtualDiskSize {
  /** Zero, or a Win32 error. */
  readonly error: number;
  /** What the guest sees. */
  readonly virtualBytes: number;
  /** What the file takes. */
  readonly physicalBytes: number;
}

/** The addon's exports. */
export interface VmpModule {
  /** Dials a service in a virtual machine: both are GUIDs. `timeoutMs` is at most 300,000. */
  connectHvSocket(vmId: string, serviceId: string, timeoutMs: number): Promise<OpenOutcome>;
  /** Listens for one virtual machine's connections. */
  listenHvSocket(vmId: string, serviceId: string): Promise<ListenOutcome>;

  /** Replaces a pipe's access list, all instances' at once. Answers with a Win32 error. */
  setPipeAccess(path: string, access: string): Promise<number>;
  /** Connects to a pipe and hangs up, without the server being able to act as us. */
  pipeServer(path: string): Promise<ObjectOwner>;
  fileOwner(path: string): Promise<ObjectOwner>;
  processToken(): ProcessToken;

  /** virtdisk.dll's calls of these names, on a disk that nothing has open. They answer with a Win32 error. */
  createVirtualDisk(path: string, bytes: number, blockBytes: number): Promise<number>;
  resizeVirtualDisk(path: string, bytes: number): Promise<number>;
  compactVirtualDisk(path: string): Promise<number>;
  virtualDiskSize(path: string): Promise<VirtualDiskSize>;
}
