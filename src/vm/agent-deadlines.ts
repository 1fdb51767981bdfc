import { timeouts } from "../base/timeouts.ts";
import type { guestContract } from "../protocol/guest.ts";

/** A guest that stops because it was told to is given its grace on top of the ordinary call. */
const stopping = timeouts.distroStop + timeouts.guestCall;

/** The calls that may take longer than `timeouts.guestCall`: no call waits for the guest without a deadline. */
const slow: Partial<Record<keyof typeof guestContract, number>> = {
  "agent.hello": timeouts.vmBoot,
  "store.attach": timeouts.storeCall,
  "distro.create": timeouts.storeCall,
  "distro.commit": timeouts.storeCall,
  "distro.delete": timeouts.storeCall,
  "distro.start": timeouts.distroStart,
  // Lowering a limit writes back and drops what is cached beyond it.
  "distro.limit": timeouts.distroStart,
  "distro.stop": stopping,
  // The guest waits for the first answers of the host's own file server, then the distro's for theirs.
  "files.mount": timeouts.filesMount,
  "files.replay": timeouts.filesReplay,
  "distro.mount": timeouts.filesMount,
  "distro.unmount": timeouts.filesMount,
  "vm.powerOff": stopping,
};

/** Milliseconds the agent has for this call when the caller does not say. */
export function agentDeadline(method: keyof typeof guestContract): number {
  return slow[method] ?? timeouts.guestCall;
}
