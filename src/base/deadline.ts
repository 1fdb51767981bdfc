import { TswslError } from "./errors.ts";

export interface Deadline {
  /** Milliseconds from now. */
  readonly ms: number;
  /** What is being waited for, as it completes the sentence "timed out waiting for …". */
  readonly what: string;
  readonly hint?: string | undefined;
}

/**
 * Runs `work` under the caller's signal and a deadline of its own. The signal handed to `work` aborts on either.
 * Rejects with `timeout` when the deadline passes and `cancelled` when the caller aborts, at once in both cases:
 * work that ignores its signal is left to finish and its late result is dropped.
 */
export async function withDeadline<T>(
  signal: AbortSignal,
  deadline: Deadline,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  throwIfAborted(signal);
  const controller = new AbortController();
  const { promise: interrupted, reject } = Promise.withResolvers<never>();
  const stop = (error: TswslError): void => {
    reject(error);
    controller.abort(error);
  };
  const onAbort = (): void => stop(cancelled(signal));
  signal.addEventListener("abort", onAbort, { once: true });
  const timer = setTimeout(() => stop(timedOut(deadline)), deadline.ms);
  try {
    return await Promise.race([work(controller.signal), interrupted]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

/** Throws `cancelled` when the signal has already fired. */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled(signal);
}

/** The error for an aborted signal: its own reason when that is ours, `timeout` for AbortSignal.timeout, else `cancelled`. */
export function cancelled({ reason }: AbortSignal): TswslError {
  if (reason instanceof TswslError) return reason;
  if (reason instanceof DOMException && reason.name === "TimeoutError")
    return new TswslError("timeout", "the operation took too long", { cause: reason });
  return new TswslError("cancelled", "the operation was cancelled", { cause: reason });
}

function timedOut({ ms, what, hint }: Deadline): TswslError {
  return new TswslError("timeout", `timed out after ${ms / 1000} s waiting for ${what}`, { hint });
}
