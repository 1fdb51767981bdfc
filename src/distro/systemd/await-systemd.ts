import { withDeadline } from "../../base/deadline.ts";
import { isTswslError } from "../../base/errors.ts";
import { timeouts } from "../../base/timeouts.ts";
import type { AgentClient } from "../../vm/agent-client.ts";
import type { DistroRecord } from "../registry.ts";
import { runCaptured } from "../run-captured.ts";
import { BOOT_SCRIPT, type BootReport, parseBootReport, STATUS_NO_SYSTEMCTL } from "./boot-report.ts";

interface Call {
  /** Milliseconds; after them the distro is used although systemd still starts something. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

export interface AwaitedSystemd {
  /** Whether there is a `systemctl` to ask. */
  readonly answers: boolean;
  /** For the user: what failed, or what is not up within the limit. */
  readonly warnings: readonly string[];
}

/** Waits until systemd has started everything, or the limit is over. Rejects when the distro ends meanwhile. */
export async function awaitSystemd(
  agent: AgentClient,
  record: DistroRecord,
  call: Call,
): Promise<AwaitedSystemd> {
  const deadline = { ms: call.limit, what: "systemd to start" };
  try {
    const { exit, stdout } = await withDeadline(call.signal, deadline, (signal) =>
      runCaptured(agent, record, ["/bin/sh", "-c", BOOT_SCRIPT], signal),
    );
    if (exit.kind === "status" && exit.value === STATUS_NO_SYSTEMCTL)
      return { answers: false, warnings: [notSystemd] };
    return { answers: true, warnings: warningsOf(parseBootReport(stdout)) };
  } catch (error) {
    if (!isTswslError(error, "timeout")) throw error;
    return { answers: true, warnings: [await stillStarting(agent, record, call)] };
  }
}

const notSystemd =
  "[boot] systemd is set in /etc/wsl.conf, but the distribution has no systemctl: is its /sbin/init systemd?";

function warningsOf({ state, failed }: BootReport): string[] {
  if (state === "running") return [];
  const units = failed.map(
    ({ unit, result, description }) =>
      `systemd could not start ${unit} (${description}): ${result}. See: systemctl status ${unit}`,
  );
  return units.length > 0 ? units : [`systemd is up, but its state is '${state}'. See: systemctl --failed`];
}

async function stillStarting(agent: AgentClient, record: DistroRecord, call: Call): Promise<string> {
  const fact = `systemd is still starting after ${call.limit / 1000} s`;
  const remedy = "the command does not wait any longer ([boot] initTimeout in /etc/wsl.conf)";
  try {
    const deadline = { ms: timeouts.systemdQuestion, what: "systemd's list of jobs" };
    const { stdout } = await withDeadline(call.signal, deadline, (signal) =>
      runCaptured(agent, record, ["systemctl", "list-jobs", "--no-legend", "--plain"], signal),
    );
    const running = stdout.split("\n").flatMap((line) => {
      const [, unit, , state] = line.trim().split(/\s+/);
      return unit !== undefined && state === "running" ? [unit] : [];
    });
    return `${fact}${running.length > 0 ? ` (${running.slice(0, 8).join(", ")})` : ""}; ${remedy}`;
  } catch (error) {
    if (!isTswslError(error, "timeout")) throw error;
    return `${fact}; ${remedy}`;
  }
}
