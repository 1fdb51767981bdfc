import { asTswslError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { FrameConnection } from "../protocol/frame-channel.ts";
import { FrameType } from "../protocol/frames.ts";
import type { AgentClient } from "../vm/agent-client.ts";
import type { DistroRecord } from "./registry.ts";

/** So much of its output goes to the log. */
const LOGGED_BYTES = 4096;

/**
 * Starts wsl.conf's [boot] command as root, once per start of the distro. It is not waited for: the distro is usable
 * while it runs, as in WSL. What it prints and how it ends goes to the log.
 */
export async function runBootCommand(
  agent: AgentClient,
  record: DistroRecord,
  command: string,
  log: Logger,
): Promise<void> {
  const facts = { name: record.name, command };
  try {
    const stream = await agent.openStream(
      {
        kind: "exec",
        distro: record.id,
        user: "root",
        cwd: "/",
        shell: "none",
        argv: ["/bin/sh", "-c", command],
        env: {},
        tty: null,
        stdin: "pipe",
        stdout: "pipe",
        stderr: "pipe",
      },
      AbortSignal.timeout(BOOT_COMMAND_OPEN_MS),
    );
    const channels = [FrameType.stdout, FrameType.stderr] as const;
    const connection = new FrameConnection(stream, { sends: [FrameType.stdin], receives: channels });
    connection.writable(FrameType.stdin).on("error", ignore).end();
    const output: string[] = [];
    let bytes = 0;
    for (const channel of channels) {
      connection
        .readable(channel)
        .on("data", (chunk: Buffer) => {
          if (bytes < LOGGED_BYTES) output.push(chunk.toString("utf8").slice(0, LOGGED_BYTES - bytes));
          bytes += chunk.length;
        })
        .on("error", ignore);
    }
    const { kind, value } = await connection.outcome;
    log.info("boot command ended", { ...facts, [kind]: value, output: output.join("") });
  } catch (error) {
    log.warn("boot command failed", { ...facts, reason: asTswslError(error).message });
  }
}

const BOOT_COMMAND_OPEN_MS = 5000;

/** The outcome says why a channel failed. */
function ignore(): void {}
