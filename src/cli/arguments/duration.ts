import { usageError } from "./usage-error.ts";

const seconds: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds from `15s`, `5m`, `2h`, `1d`, a bare number of seconds, or `never` (-1). Raises `invalid-argument`. */
export function parseDuration(text: string): number {
  if (text === "never") return -1;
  const match = /^(\d{1,7})([smhd]?)$/.exec(text);
  const unit = seconds[match?.[2] ?? "none"];
  if (match?.[1] === undefined || unit === undefined) {
    throw usageError(`'${text}' is not a duration`, "Write it as 15s, 5m, 2h, 1d or never.");
  }
  return Number(match[1]) * unit;
}

/** The shortest exact spelling, which {@link parseDuration} reads back: 300 is `5m`, 90 is `90s`, -1 is `never`. */
export function formatDuration(total: number): string {
  if (total < 0) return "never";
  const unit =
    (["d", "h", "m"] as const).find((name) => total > 0 && total % (seconds[name] ?? 1) === 0) ?? "s";
  return `${total / (seconds[unit] ?? 1)}${unit}`;
}
