import { throwIfAborted } from "../base/deadline.ts";
import { type ExitStatus, FrameConnection } from "../protocol/frame-channel.ts";
import { FrameType } from "../protocol/frames.ts";
import type { AgentClient } from "../vm/agent-client.ts";
import type { DistroRecord } from "./registry.ts";

/** So many bytes of each stream are kept; the rest is read and dropped. */
const KEPT_BYTES = 64 * 1024;

export interface CapturedRun {
  readonly exit: ExitStatus;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program as root in a running distro, without a terminal and outside any session, to its end. Aborting hangs
 * it up. Rejects with `cancelled`, or with `disconnected` when the distro ends first.
 */
export async function runCaptured(
  agent: AgentClient,
  record: DistroRecord,
  argv: readonly string[],
  signal: AbortSignal,
): Promise<CapturedRun> {
  throwIfAborted(signal);
  const stream = await agent.openStream(
    {
      kind: "exec",
      distro: record.id,
      user: "root",
      cwd: "/",
      shell: "none",
      argv: [...argv],
      env: {},
      cgroup: null,
      tty: null,
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
    },
    signal,
  );
  const connection = new FrameConnection(stream, {
    sends: [FrameType.stdin],
    receives: [FrameType.stdout, FrameType.stderr],
  });
  const giveUp = (): void => connection.destroy();
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    connection.writable(FrameType.stdin).on("error", ignore).end();
    const stdout = keep(connection, FrameType.stdout);
    const stderr = keep(connection, FrameType.stderr);
    const exit = await connection.outcome;
    return { exit, stdout: await stdout, stderr: await stderr };
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

/** What a channel brings, as text, once it has ended; an error of it is the outcome's to tell. */
function keep(connection: FrameConnection, channel: typeof FrameType.stdout | typeof FrameType.stderr) {
  const kept: Buffer[] = [];
  let bytes = 0;
  const { promise, resolve } = Promise.withResolvers<string>();
  connection
    .readable(channel)
    .on("data", (chunk: Buffer) => {
      if (bytes < KEPT_BYTES) kept.push(chunk.subarray(0, KEPT_BYTES - bytes));
      bytes += chunk.length;
    })
    .on("error", ignore)
    .once("close", () => resolve(Buffer.concat(kept).toString("utf8")));
  return promise;
}

function ignore(): void {}
