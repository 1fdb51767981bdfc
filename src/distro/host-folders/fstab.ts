import { asTswslError } from "../../base/errors.ts";
import { withDeadline } from "../../base/deadline.ts";
import { timeouts } from "../../base/timeouts.ts";
import type { AgentClient } from "../../vm/agent-client.ts";
import type { DistroRecord } from "../registry.ts";
import { runCaptured } from "../run-captured.ts";

/** Whether an fstab(5) lists anything: comments and empty lines are nothing. */
export function listsMounts(fstab: string): boolean {
  return /^[ \t]*[^#\s]/m.test(fstab);
}

/**
 * Mounts what the distro's /etc/fstab lists (wsl.conf's [automount] mountFsTab), in the words of its own `mount -a`. What
 * fails there does not keep it from starting. Answers with what the user should know.
 */
export async function mountFstab(
  agent: AgentClient,
  record: DistroRecord,
  signal: AbortSignal,
): Promise<readonly string[]> {
  try {
    const deadline = { ms: timeouts.filesMount, what: "mount -a" };
    const { exit, stderr } = await withDeadline(signal, deadline, (limit) =>
      runCaptured(agent, record, ["mount", "-a"], limit),
    );
    if (exit.kind === "status" && exit.value === 0) return [];
    return [`/etc/fstab could not be mounted whole: ${stderr.trim().split("\n").at(-1) ?? ""}`];
  } catch (error) {
    return [`/etc/fstab could not be mounted: ${asTswslError(error).message}`];
  }
}
