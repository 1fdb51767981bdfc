import type { Outcome } from "../../../native/hcs/native.d.ts";
import { hresultError, normaliseHresult } from "./hresult.ts";

/** The high bit says that it failed. */
const FAILURE = 0x80000000;

export function failed({ hresult }: Outcome): boolean {
  return normaliseHresult(hresult) >= FAILURE;
}

/** True for the failures that a caller expects, by their HRESULTs. */
export function failedWith(outcome: Outcome, ...hresults: readonly number[]): boolean {
  return failed(outcome) && hresults.includes(normaliseHresult(outcome.hresult));
}

/** The document of a call that succeeded; of one that failed, its error. */
export function documentOf(call: string, outcome: Outcome): string | null {
  if (!failed(outcome)) return outcome.document;
  throw hresultError({ call, hresult: outcome.hresult, document: outcome.document });
}
