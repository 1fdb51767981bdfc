import { isTswslError, TswslError, type ErrorCode } from "../../base/errors.ts";
import { hcnHresults } from "./hresults/hcn.ts";
import { hcsHresults } from "./hresults/hcs.ts";
import type { HresultMeaning, HresultTable } from "./hresults/meaning.ts";
import { windowsHresults } from "./hresults/windows.ts";
import { resultErrorSentences } from "./result-error.ts";

/** Every HRESULT that has a text of its own. */
export const hresultMeanings: HresultTable = { ...hcsHresults, ...windowsHresults, ...hcnHresults };

/** A native call that failed. */
export interface HresultFailure {
  /** Signed or unsigned, HRESULT or its NTSTATUS twin. */
  readonly hresult: number;
  /** The function of the DLL: `HcsStartComputeSystem`. */
  readonly call: string;
  /** HCS's ResultError or HCN's ErrorRecord, as the DLL gave it. */
  readonly document?: string | null | undefined;
}

/**
 * An HRESULT as an unsigned number. HCS hands some of its codes through from its NT side, as 0xC0370110 for
 * 0x80370110 (seen by hcsshim); both are one here.
 */
export function normaliseHresult(hresult: number): number {
  const unsigned = hresult >>> 0;
  return unsigned >>> 16 === 0xc037 ? ((unsigned & 0x3fffffff) | 0x80000000) >>> 0 : unsigned;
}

/** `0x80370102` */
export function formatHresult(hresult: number): string {
  return `0x${normaliseHresult(hresult).toString(16).toUpperCase().padStart(8, "0")}`;
}

/**
 * The failure of a native call in our words: which call, what the HRESULT means, what Windows adds, and what to do.
 * Total: an HRESULT without a text keeps its number and says how to look it up. `details.hresult` has the number for
 * those who tolerate it, see {@link hasHresult}.
 */
export function hresultError({ hresult, call, document }: HresultFailure): TswslError {
  const number = formatHresult(hresult);
  const { name, code, meaning, remedy } = explain(normaliseHresult(hresult));
  const known = name === undefined ? number : `${number} ${name}`;
  const added = resultErrorSentences(document);
  const windows = added.length === 0 ? "" : `. Windows says: ${added.join("; ")}`;
  return new TswslError(code, `${meaning} (${call}: ${known})${windows}`, {
    hint: remedy,
    details: { hresult: number, call },
  });
}

/** True for an error made by {@link hresultError} of this HRESULT. */
export function hasHresult(error: unknown, hresult: number): boolean {
  return isTswslError(error) && error.details?.["hresult"] === formatHresult(hresult);
}

type Explanation = Omit<HresultMeaning, "name"> & { readonly name?: string };

function explain(hresult: number): Explanation {
  const meaning = hresultMeanings[hresult];
  if (meaning) return meaning;
  // FACILITY_WIN32: the low half is an error of the Windows API, which Windows can put into words.
  if (hresult >>> 16 === 0x8007) {
    const error = hresult & 0xffff;
    return {
      code: unknownCode,
      meaning: `Windows reports error ${error}`,
      remedy: `See what it means: net helpmsg ${error}`,
    };
  }
  return {
    code: unknownCode,
    meaning: "Windows reports an error that tswsl does not know",
    remedy: `See what it means: certutil -error ${formatHresult(hresult)}`,
  };
}

/** Something of the host that does not work; not `internal`, which is a fault of ours. */
const unknownCode: ErrorCode = "unavailable";
