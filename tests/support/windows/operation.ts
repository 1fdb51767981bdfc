import { Hresult, HresultFailure, resultError, toFailure } from "./hresults.ts";

interface Outcome {
  readonly hresult: number;
  readonly document: string | null;
}

/** An HCS_OPERATION: idle → pending → completed, and pending again when it is used for another call. */
export class Operation {
  #pending: Promise<Outcome> | undefined;
  #completed: Outcome | undefined;

  /** Begins to track one call; `work` may return a document. Raises HCS_E_OPERATION_ALREADY_STARTED. */
  begin(work: () => Promise<string | null>): void {
    if (this.#pending) {
      throw new HresultFailure(Hresult.operationAlreadyStarted, "the operation tracks another call");
    }
    this.#completed = undefined;
    this.#pending = this.#track(work);
  }

  async #track(work: () => Promise<string | null>): Promise<Outcome> {
    const outcome = await work().then(succeeded, failed);
    this.#completed = outcome;
    this.#pending = undefined;
    return outcome;
  }

  /** HcsGetOperationResult. */
  result(): Outcome {
    if (this.#pending) return { hresult: Hresult.operationPending, document: null };
    return this.#completed ?? { hresult: Hresult.operationNotStarted, document: null };
  }

  /** HcsWaitForOperationResult; 0xFFFFFFFF is for ever. */
  async wait(timeoutMs: number): Promise<Outcome> {
    if (!this.#pending) return this.result();
    if (timeoutMs === 0xffffffff) return await this.#pending;
    const { promise: late, resolve } = Promise.withResolvers<Outcome>();
    const timer = setTimeout(() => resolve({ hresult: Hresult.operationTimeout, document: null }), timeoutMs);
    try {
      return await Promise.race([this.#pending, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

const succeeded = (document: string | null): Outcome => ({ hresult: Hresult.ok, document });

function failed(error: unknown): Outcome {
  const failure = toFailure(error);
  return { hresult: failure.hresult, document: resultError(failure) };
}
