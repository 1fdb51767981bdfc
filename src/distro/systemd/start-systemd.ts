import { asTswslError, isTswslError } from "../../base/errors.ts";
import type { Logger } from "../../base/log.ts";
import type { AgentClient } from "../../vm/agent-client.ts";
import type { DistroRecord } from "../registry.ts";
import { awaitSystemd } from "./await-systemd.ts";
import { UserSessions } from "./user-sessions.ts";

export interface SystemdStart {
  /** Starts the distro with this init. */
  readonly run: (init: "systemd" | "reaper") => Promise<void>;
  /** Milliseconds to wait for systemd to be up. */
  readonly limit: number;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

export interface StartedSystemd {
  /** Undefined when it is not systemd that runs. */
  readonly sessions: UserSessions | undefined;
  readonly warnings: readonly string[];
}

/**
 * Starts a distro with systemd and waits until that is up. One whose systemd ends meanwhile is started without it, so
 * that its files can be reached and repaired.
 */
export async function startSystemd(
  agent: AgentClient,
  record: DistroRecord,
  { run, limit, log, signal }: SystemdStart,
): Promise<StartedSystemd> {
  try {
    await run("systemd");
    const { answers, warnings } = await awaitSystemd(agent, record, { limit, signal });
    return { sessions: answers ? new UserSessions(agent, record, log) : undefined, warnings };
  } catch (error) {
    if (isTswslError(error, "cancelled") || isTswslError(error, "timeout")) throw error;
    log.warn("systemd ended while it started", { name: record.name, error });
    // It fails when the VM is what has gone.
    await agent.call("distro.stop", { distro: record.id, graceMs: 0 }, { signal });
    await run("reaper");
    const reason = asTswslError(error).message;
    return {
      sessions: undefined,
      warnings: [`systemd could not be started (${reason}); the distribution runs without it`],
    };
  }
}
