import type { Duplex } from "node:stream";
import { timeouts } from "../base/timeouts.ts";

/**
 * Ends our half and lets what was written go out. The stream is destroyed when the peer has not ended its half within
 * `timeouts.linkClose`. What the peer still sends must be read by somebody, or the deadline is always waited for.
 */
export function closeSoon(stream: Duplex): void {
  if (stream.destroyed) return;
  const timer = setTimeout(() => stream.destroy(), timeouts.linkClose);
  timer.unref();
  stream.once("close", () => clearTimeout(timer));
  stream.end();
}
