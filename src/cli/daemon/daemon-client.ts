import type { Duplex } from "node:stream";
import type { Deadline } from "../../base/deadline.ts";
import type { Params, Result } from "../../protocol/contract.ts";
import type { daemonContract, Progress } from "../../protocol/daemon.ts";

type Contract = typeof daemonContract;
export type DaemonMethod = keyof Contract;
export type DaemonParams<M extends DaemonMethod> = Params<Contract[M]>;
export type DaemonResult<M extends DaemonMethod> = Result<Contract[M]>;

export interface CallOptions {
  readonly signal: AbortSignal;
  readonly deadline: Deadline;
  readonly onProgress?: (progress: Progress) => void;
}

/** What the verbs need of the daemon. */
export interface DaemonClient {
  /** Sends one request on the control connection, which is opened, and the daemon started, at the first one. */
  call<M extends DaemonMethod>(
    method: M,
    params: DaemonParams<M>,
    options: CallOptions,
  ): Promise<DaemonResult<M>>;
  /** True when a daemon listens. Starts none. */
  isRunning(signal: AbortSignal): Promise<boolean>;
  /** A new connection on which nothing has been sent yet; the caller sends its header and owns the stream. */
  connect(signal: AbortSignal): Promise<Duplex>;
  /** Resolves when the daemon is gone, after a request for its end. */
  waitForEnd(signal: AbortSignal): Promise<void>;
  /** Ends the control connection, if there is one. */
  close(): Promise<void>;
}
