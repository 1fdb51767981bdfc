import { TswslError } from "../base/errors.ts";
import type { ProcessEvents } from "./cli.ts";
import { exitCodes, signalStatus } from "./exit-codes.ts";
import { linuxSignals } from "./linux-signals.ts";

/**
 * Fires on the first SIGINT or SIGTERM, so that the verb's deed is cancelled and undone; the second ends the process at
 * once. A command that runs gets its signals instead, see run/forward-signals.ts.
 */
export function interruptSignal(events: ProcessEvents): AbortSignal {
  const controller = new AbortController();
  const interrupt = (status: number) => (): void => {
    if (controller.signal.aborted) events.exit(status);
    controller.abort(new TswslError("cancelled", "cancelled"));
  };
  events.on("SIGINT", interrupt(exitCodes.cancelled));
  events.on("SIGTERM", interrupt(signalStatus(linuxSignals.SIGTERM)));
  return controller.signal;
}
