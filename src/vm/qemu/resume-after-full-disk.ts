import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "../../base/log.ts";
import type { QmpClient } from "./qmp.ts";

/** How often a machine that waits for space tries again. */
const RETRY_MS = 2000;

const { signal: never } = new AbortController();

/**
 * QEMU stops a machine whose disk image cannot grow (`werror=enospc`, its default), so that the guest sees no error and
 * loses nothing. Somebody has to let it go on once there is space: we try every now and then, it stops again if it was
 * too early.
 */
export function resumeAfterFullDisk(qmp: Pick<QmpClient, "onEvent" | "execute">, log: Logger): void {
  let waiting = false;
  qmp.onEvent(({ name, data }) => {
    if (name !== "BLOCK_IO_ERROR" || data["action"] !== "stop" || data["nospace"] !== true || waiting) return;
    waiting = true;
    log.warn("the host's disk is full: the virtual machine waits for space", { node: data["node-name"] });
    const retry = async (): Promise<void> => {
      await delay(RETRY_MS, undefined, { ref: false });
      waiting = false;
      await qmp.execute("cont", {}, never);
    };
    // The machine has ended meanwhile.
    retry().catch(() => undefined);
  });
}
