import { timeouts } from "../../base/timeouts.ts";

/**
 * Acts when one and the same wait for a reader lasts longer than `timeouts.outputStalled`, counted from now. `waits`
 * holds a token for each wait there is. The function returned ends the watch.
 */
export function whenStalled(waits: ReadonlySet<symbol>, act: () => void): () => void {
  let seen = new Set(waits);
  const timer = setInterval(() => {
    if ([...seen].some((wait) => waits.has(wait))) act();
    seen = new Set(waits);
  }, timeouts.outputStalled);
  return () => clearInterval(timer);
}
