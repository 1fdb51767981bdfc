import { formatBytes, formatSpan } from "../output/quantities.ts";
import type { CurrentPhase } from "./progress-track.ts";

/** `120 MiB of 240 MiB · 3.20 MiB/s · 37 s left`, as far as it is known; the seconds so far when no bytes are counted. */
export function measureText({ seconds, done, total, bytesPerSecond, secondsLeft }: CurrentPhase): string {
  if (done === undefined) return formatSpan(seconds);
  const parts = [total === undefined ? formatBytes(done) : `${formatBytes(done)} of ${formatBytes(total)}`];
  if (bytesPerSecond !== undefined) parts.push(`${formatBytes(bytesPerSecond)}/s`);
  if (secondsLeft !== undefined) parts.push(`${formatSpan(secondsLeft)} left`);
  return parts.join(" · ");
}

/** A bar of `width` cells; undefined when the whole is not known. */
export function barText({ done, total }: CurrentPhase, width: number): string | undefined {
  if (done === undefined || total === undefined || total <= 0) return undefined;
  const filled = Math.round(Math.min(1, done / total) * width);
  return "█".repeat(filled) + "░".repeat(width - filled);
}
