import { errorRecord, HresultFailure } from "./hresults.ts";

export interface Fault {
  /** The function of the library: `HcsStartComputeSystem`. */
  readonly call: string;
  /** Fails with this; without it the call only takes longer. */
  readonly hresult?: number;
  /** ErrorMessage of the ResultError document. */
  readonly message?: string;
  /** The call itself is refused; otherwise it is accepted and the operation fails. */
  readonly refused?: boolean;
  readonly delayMs?: number;
  /** How many calls it strikes; all without it. */
  readonly times?: number;
}

/** Faults that tests ask for, one call at a time. */
export class Faults {
  readonly #faults: { fault: Fault; left: number }[] = [];

  inject(fault: Fault): void {
    this.#faults.push({ fault, left: fault.times ?? Infinity });
  }

  clear(): void {
    this.#faults.length = 0;
  }

  /** What strikes this call, if anything. */
  take(call: string): Fault | undefined {
    const found = this.#faults.find((entry) => entry.fault.call === call && entry.left > 0);
    if (found) found.left--;
    return found?.fault;
  }
}

/** Waits as long as the fault says, then fails as it says. */
export async function strike(fault: Fault | undefined): Promise<void> {
  if (fault?.delayMs !== undefined) {
    await new Promise((resolve) => {
      setTimeout(resolve, fault.delayMs);
    });
  }
  if (fault?.hresult === undefined) return;
  const failure = new HresultFailure(fault.hresult, fault.message ?? "");
  throw fault.call.startsWith("Hcn")
    ? new HresultFailure(failure.hresult, failure.message, errorRecord(failure))
    : failure;
}
