import * as v from "valibot";
import {
  CancellationTokenSource,
  type Disposable,
  ParameterStructures,
  ResponseError,
} from "vscode-jsonrpc/node";
import { type Deadline, withDeadline } from "../base/deadline.ts";
import { asTswslError, TswslError } from "../base/errors.ts";
import type { Contract, Params, Result } from "./contract.ts";
import { Progress } from "./daemon.ts";
import { progressType, type RpcConnection } from "./rpc-connection.ts";
import { errorFromResponse } from "./rpc-error.ts";

interface CallOptions {
  /** Cancels the call, here at once and at the server as soon as it hears of it. */
  readonly signal: AbortSignal;
  /** Without one the call lasts as long as the connection: for what a person waits for and can cancel. */
  readonly deadline?: Deadline | undefined;
  readonly onProgress?: ((report: Progress) => void) | undefined;
}

export interface ContractClient<C extends Contract> {
  /**
   * Calls a method. Rejects with the error the server answered, `timeout`, `cancelled`, `disconnected`, or `protocol`
   * when the answer does not fit the contract.
   */
  call<K extends keyof C & string>(
    method: K,
    params: Params<C[K]>,
    options: CallOptions,
  ): Promise<Result<C[K]>>;
}

/** The longest a timer can wait. */
const UNLIMITED_MS = 0x7fff_ffff;
let nextProgressToken = 1;

/** The calling end of a contract. Several contracts, and a server, may share the connection. */
export function contractClient<C extends Contract>(
  connection: RpcConnection,
  contract: C,
): ContractClient<C> {
  return {
    async call<K extends keyof C & string>(
      name: K,
      params: Params<C[K]>,
      options: CallOptions,
    ): Promise<Result<C[K]>> {
      const method = contract[name];
      if (method === undefined) throw new TswslError("invalid-argument", `the contract has no '${name}'`);
      const deadline = options.deadline ?? { ms: UNLIMITED_MS, what: `the answer to '${name}'` };
      const answer = await withDeadline(options.signal, deadline, (signal) =>
        request(connection, { name, params, signal, onProgress: options.onProgress }),
      );
      const parsed = v.safeParse(method.result, answer);
      if (parsed.success) return parsed.output;
      throw new TswslError(
        "protocol",
        `the answer to '${name}' is malformed:\n${v.summarize(parsed.issues)}`,
      );
    },
  };
}

interface Request {
  readonly name: string;
  readonly params: unknown;
  readonly signal: AbortSignal;
  readonly onProgress: CallOptions["onProgress"];
}

async function request(
  connection: RpcConnection,
  { name, params, signal, onProgress }: Request,
): Promise<unknown> {
  const cancellation = new CancellationTokenSource();
  const onAbort = (): void => cancellation.cancel();
  signal.addEventListener("abort", onAbort, { once: true });
  const progress = onProgress && listenToProgress(connection, onProgress);
  try {
    const sent = progress ? { ...Object(params), progressToken: progress.token } : params;
    return await connection.messages.sendRequest(name, ParameterStructures.byName, sent, cancellation.token);
  } catch (error) {
    throw callError(connection, error);
  } finally {
    progress?.listener.dispose();
    signal.removeEventListener("abort", onAbort);
    cancellation.dispose();
  }
}

function listenToProgress(
  connection: RpcConnection,
  onProgress: (report: Progress) => void,
): { token: number; listener: Disposable } {
  const token = nextProgressToken++;
  const listener = connection.messages.onProgress(progressType, token, (report) => {
    const parsed = v.safeParse(Progress, report);
    // A report is a courtesy: one of a newer peer's shape is not worth the call.
    if (parsed.success) onProgress(parsed.output);
  });
  return { token, listener };
}

function callError(connection: RpcConnection, error: unknown): TswslError {
  // The reason is always a TswslError, see RpcConnection; whatever the library says, the connection's end is why.
  if (connection.signal.aborted) return asTswslError(connection.signal.reason);
  if (error instanceof ResponseError) return errorFromResponse(error);
  // The library rejects with a plain Error when an answer has neither a result nor an error.
  return new TswslError("protocol", "the peer's answer has neither a result nor an error", { cause: error });
}
