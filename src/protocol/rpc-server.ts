import * as v from "valibot";
import type { CancellationToken, ResponseError } from "vscode-jsonrpc/node";
import { asTswslError, TswslError } from "../base/errors.ts";
import type { Contract, Method, Params, Result } from "./contract.ts";
import type { Progress } from "./daemon.ts";
import { progressType, type RpcConnection } from "./rpc-connection.ts";
import { errorResponse } from "./rpc-error.ts";

interface CallContext {
  /** Fires when the caller cancels or its connection ends. */
  readonly signal: AbortSignal;
  /** Tells the caller how far the call is, if it wants to know. Reports are left out while the caller lags. */
  readonly progress: (report: Progress) => void;
}

/** One function for each method of the contract. */
export type Handlers<C extends Contract> = {
  readonly [K in keyof C]: (
    params: Params<C[K]>,
    context: CallContext,
  ) => Result<C[K]> | Promise<Result<C[K]>>;
};

export interface ServeOptions {
  /** Cancels every call; its reason is what their callers are told. */
  readonly signal?: AbortSignal;
  /** Says an error in the caller's terms before it is answered. */
  readonly explain?: (error: TswslError) => Promise<TswslError>;
  /** Told of each failed call, with the cause that does not cross the wire: for the log. */
  readonly onError?: (method: string, error: TswslError) => void;
}

/** Calls of one connection that may run at once; more are refused with `unavailable`. */
const MAX_RUNNING_CALLS = 256;
const ProgressToken = v.object({ progressToken: v.union([v.string(), v.number()]) });

/**
 * Answers the contract's calls on a connection. Parameters are checked against the contract (`invalid-argument`);
 * whatever a handler throws is answered as a {@link TswslError}. The end of the connection cancels running handlers.
 */
export function serveContract<C extends Contract>(
  connection: RpcConnection,
  contract: C,
  handlers: Handlers<C>,
  { signal, explain, onError }: ServeOptions = {},
): void {
  let running = 0;
  for (const [name, method] of Object.entries(contract)) {
    // Handlers has a function for each key of the contract; its parameter is what this method's schema puts out.
    const handler = handlers[name] as (params: unknown, context: CallContext) => unknown;
    connection.messages.onRequest(name, async (received: unknown, token: CancellationToken) => {
      running += 1;
      try {
        if (running > MAX_RUNNING_CALLS) throw new TswslError("unavailable", "too many calls are running");
        const params = checkParams(name, method, received);
        return await handler(params, callContext(connection, signal, received, token));
      } catch (error) {
        const known = asTswslError(error);
        return failure(name, (await explain?.(known)) ?? known, onError);
      } finally {
        running -= 1;
      }
    });
  }
}

function failure(name: string, error: TswslError, onError: ServeOptions["onError"]): ResponseError<unknown> {
  onError?.(name, error);
  return errorResponse(error);
}

function checkParams(name: string, method: Method, received: unknown): unknown {
  const parsed = v.safeParse(method.params, received);
  if (parsed.success) return parsed.output;
  throw new TswslError(
    "invalid-argument",
    `'${name}' cannot take these parameters:\n${v.summarize(parsed.issues)}`,
  );
}

function callContext(
  connection: RpcConnection,
  ending: AbortSignal | undefined,
  received: unknown,
  token: CancellationToken,
): CallContext {
  const cancelled = new AbortController();
  const cancel = (): void =>
    cancelled.abort(new TswslError("cancelled", "the caller cancelled the operation"));
  if (token.isCancellationRequested) cancel();
  else token.onCancellationRequested(cancel);
  return {
    signal: AbortSignal.any([connection.signal, cancelled.signal, ...(ending ? [ending] : [])]),
    progress: progressSender(connection, received),
  };
}

function progressSender(connection: RpcConnection, received: unknown): (report: Progress) => void {
  const wanted = v.safeParse(ProgressToken, received);
  if (!wanted.success) return () => {};
  const { progressToken } = wanted.output;
  return (report) => {
    if (connection.signal.aborted || connection.congested) return;
    connection.messages.sendProgress(progressType, progressToken, report).catch(() => {});
  };
}
