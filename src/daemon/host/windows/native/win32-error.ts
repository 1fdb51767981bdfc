import { TswslError } from "../../../../base/errors.ts";

/** A call that failed with this GetLastError(). */
export function win32Error(call: string, error: number): TswslError {
  return new TswslError("unavailable", `${call} failed with Windows error ${error}`, {
    hint: `See what it means: net helpmsg ${error}`,
    details: { win32Error: error },
  });
}
