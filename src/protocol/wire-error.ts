import * as v from "valibot";
import { errorFromWire, TswslError } from "../base/errors.ts";

const MAX_TEXT = 16 * 1024;

/** Text of a peer that may end up on a terminal: bounded, and without the bytes that steer one. */
export const SafeText = v.pipe(
  v.string(),
  v.transform((text) => text.slice(0, MAX_TEXT).replaceAll(/[^\P{Cc}\n\t]/gu, "\uFFFD")),
);

const WireErrorSchema = v.object({
  code: v.string(),
  message: SafeText,
  hint: v.optional(SafeText),
  details: v.optional(v.record(v.string(), v.union([SafeText, v.number(), v.boolean()]))),
});

/** Rebuilds an error from what a peer sent. `protocol` when that is not an error's shape. */
export function parseWireError(value: unknown): TswslError {
  const parsed = v.safeParse(WireErrorSchema, value);
  if (parsed.success) return errorFromWire(parsed.output);
  return new TswslError("protocol", "the peer reported a failure in an unknown form");
}
