import { TswslError } from "../../base/errors.ts";

/** A command line that cannot be understood: always `invalid-argument`, always with the page that explains it. */
export function usageError(message: string, hint: string): TswslError {
  return new TswslError("invalid-argument", message, { hint });
}

/** The hint that names the help page of a verb, or the overview. */
export function seeHelp(verb?: string): string {
  return verb === undefined ? "See: tswsl --help" : `See: tswsl help ${verb}`;
}
