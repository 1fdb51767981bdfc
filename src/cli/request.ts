import type { Deadline } from "../base/deadline.ts";
import { timeouts } from "../base/timeouts.ts";
import type { Cli } from "./cli.ts";
import type { DaemonMethod, DaemonParams, DaemonResult } from "./daemon/daemon-client.ts";
import { openProgress } from "./ui/open-progress.ts";

/** A request that the daemon answers from what it knows. */
export async function ask<M extends DaemonMethod>(
  cli: Cli,
  method: M,
  params: DaemonParams<M>,
): Promise<DaemonResult<M>> {
  return cli.daemon.call(method, params, {
    signal: cli.signal,
    deadline: {
      ms: timeouts.clientCall,
      what: "the daemon's answer",
      hint: "See what it is doing: tswsl logs",
    },
  });
}

export interface LongRequest {
  /** What the user sees happening: `Stopping debian`. */
  readonly title: string;
  /** True with `--json` or `--quiet`: no progress. */
  readonly quiet: boolean;
  readonly deadline?: Deadline;
}

/** A request that may start or stop the virtual machine: shows progress when it takes over a second. */
export async function askAtLength<M extends DaemonMethod>(
  cli: Cli,
  method: M,
  params: DaemonParams<M>,
  { title, quiet, deadline }: LongRequest,
): Promise<DaemonResult<M>> {
  const progress = openProgress(cli.stderr, { title, quiet, env: cli.env });
  try {
    const result = await cli.daemon.call(method, params, {
      signal: cli.signal,
      deadline: deadline ?? {
        ms: timeouts.clientVmCall,
        what: `the daemon (${title})`,
        hint: "See what it is doing: tswsl logs",
      },
      onProgress: (report) => progress.update(report),
    });
    await progress.close("done");
    return result;
  } catch (error) {
    await progress.close("failed");
    throw error;
  }
}
