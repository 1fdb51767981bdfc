import type { ErrorCode } from "../../../base/errors.ts";

/** What an HRESULT means to a user, and what to do about it. */
export interface HresultMeaning {
  /** Microsoft's name for it: what a search engine and a support thread know. */
  readonly name: string;
  readonly code: ErrorCode;
  readonly meaning: string;
  /** Commands stand as they are to be typed; those that need an elevated prompt say so. */
  readonly remedy?: string;
}

/** By unsigned HRESULT. */
export type HresultTable = Readonly<Record<number, HresultMeaning>>;

export const ADMINISTRATOR = "in a prompt opened with 'Run as administrator'";
export const FAULT = "This is a fault of tswsl; what it asked for is in the daemon's log: tswsl logs";
