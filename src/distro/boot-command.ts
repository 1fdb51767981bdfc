import { asTswslError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import type { AgentClient } from "../vm/agent-client.ts";
import type { DistroRecord } from "./registry.ts";
import { runCaptured } from "./run-captured.ts";

/** So many characters of its output go to the log. */
const LOGGED = 4096;

/**
 * Starts wsl.conf's [boot] command as root, once per start of the distro. It is not waited for, and may run as long as
 * the distro does: that is usable meanwhile, as in WSL. What it prints and how it ends goes to the log.
 */
export async function runBootCommand(
  agent: AgentClient,
  record: DistroRecord,
  command: string,
  log: Logger,
): Promise<void> {
  const facts = { name: record.name, command };
  try {
    const { signal } = new AbortController();
    const { exit, stdout, stderr } = await runCaptured(agent, record, ["/bin/sh", "-c", command], signal);
    const output = `${stdout}${stderr}`.slice(0, LOGGED);
    log.info("boot command ended", { ...facts, [exit.kind]: exit.value, output });
  } catch (error) {
    log.warn("boot command failed", { ...facts, reason: asTswslError(error).message });
  }
}
