import * as v from "valibot";

/** Documents larger than this are not looked into: those seen are a few kilobytes. */
const MAX_DOCUMENT = 256 * 1024;
/** Sentences kept of one document, and characters of each: they end in one error message. */
const MAX_SENTENCES = 8;
const MAX_SENTENCE = 400;

/** Of HCS's ResultError only what a person can read; everything else, however wrong, is not our business. */
const ResultError = v.object({
  ErrorMessage: v.fallback(v.optional(v.string()), undefined),
  ErrorEvents: v.fallback(v.optional(v.array(v.unknown())), undefined),
  /** HCN's ErrorRecord has one sentence, under this name; in HCS's it is a number. */
  Error: v.fallback(v.optional(v.string()), undefined),
});

const ErrorEvent = v.object({ Message: v.string() });

/**
 * The sentences of a ResultError (HCS) or ErrorRecord (HCN) document: for a refused document the only place that names
 * the property or the device. Empty for a document that is none: it only explains a failure that is known already.
 */
export function resultErrorSentences(document: string | null | undefined): readonly string[] {
  if (!document || document.length > MAX_DOCUMENT) return [];
  const parsed = v.safeParse(ResultError, parseJson(document));
  if (!parsed.success) return [];
  const { ErrorMessage, ErrorEvents, Error: record } = parsed.output;
  const events = (ErrorEvents ?? [])
    .slice(0, MAX_SENTENCES)
    .flatMap((event) => (v.is(ErrorEvent, event) ? [event.Message] : []));
  const sentences = [ErrorMessage, record, ...events].flatMap((text) => sentence(text ?? ""));
  return [...new Set(sentences)].slice(0, MAX_SENTENCES);
}

/** One line without its full stop; Windows ends its texts with CR LF. */
function sentence(text: string): readonly string[] {
  const line = text.slice(0, MAX_SENTENCE).replaceAll(/\s+/g, " ").trim().replace(/\.$/, "");
  return line === "" ? [] : [line];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
