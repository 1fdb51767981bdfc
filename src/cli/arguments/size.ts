import { usageError } from "./usage-error.ts";

const mebibytes: Readonly<Record<string, number>> = { M: 1, G: 1024, T: 1024 * 1024 };

/**
 * Whole MiB from `512M`, `2G`, `2GB`, `1T`, powers of 1024 as WSL counts; the word `zero` is 0. Raises
 * `invalid-argument`.
 */
export function parseMebibytes(text: string, zero: string): number {
  if (text === zero) return 0;
  const match = /^(\d{1,7})([MGT])B?$/i.exec(text);
  const unit = mebibytes[match?.[2]?.toUpperCase() ?? ""];
  if (match?.[1] === undefined || unit === undefined || Number(match[1]) === 0) {
    throw usageError(`'${text}' is not an amount of memory`, `Write it as 512M, 2G or ${zero}.`);
  }
  return Number(match[1]) * unit;
}

/** Reads back with {@link parseMebibytes}. */
export function formatMebibytes(total: number, zero: string): string {
  if (total === 0) return zero;
  return total % 1024 === 0 ? `${total / 1024}G` : `${total}M`;
}
