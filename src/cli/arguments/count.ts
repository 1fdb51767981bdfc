import { usageError } from "./usage-error.ts";

/** A whole or decimal number of processors, `none` being null. Raises `invalid-argument`. */
export function parseCpus(text: string): number | null {
  if (text === "none") return null;
  if (/^\d{1,4}(\.\d{1,3})?$/.test(text)) return Number(text);
  throw usageError(`'${text}' is not a number of processors`, "Write it as 2, 1.5, 0.25 or none.");
}

/** A number of processes, `none` being null. Raises `invalid-argument`. */
export function parsePids(text: string): number | null {
  if (text === "none") return null;
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw usageError(`'${text}' is not a number of processes`, "Write a whole number, or none.");
}

/** Reads back with {@link parseCpus} and {@link parsePids}. */
export function formatCount(count: number | null): string {
  return count === null ? "none" : String(count);
}
