import type { Socket } from "node:net";
import { asTswslError, isTswslError } from "../base/errors.ts";
import { openCommand } from "../distro/exec.ts";
import { READY_PHASE, type ClientExecHeader, type Progress } from "../protocol/daemon.ts";
import { encodeJsonFrame, FrameType } from "../protocol/frames.ts";
import { splice } from "../protocol/splice.ts";
import type { Daemon } from "./compose.ts";

/**
 * Serves one command: starts what it needs, telling the client what it waits for, then splices the client to the
 * guest's stream. The distro is in use until the command's stream has ended.
 */
export async function serveCommand(
  daemon: Daemon,
  header: ClientExecHeader,
  client: { socket: Socket; signal: AbortSignal },
): Promise<void> {
  const { socket } = client;
  const gone = new AbortController();
  socket.once("close", () => gone.abort());
  const signal = AbortSignal.any([client.signal, gone.signal]);
  const { distros, log } = daemon;
  const record = distros.resolve(header.distro);
  const report = (progress: Progress): void => {
    if (socket.writable) socket.write(encodeJsonFrame(FrameType.progress, progress));
  };
  const use = await distros.lifecycle.use(record, signal, report);
  try {
    const stream = await openCommand(use, record, header, signal);
    report({ phase: READY_PHASE });
    await splice(socket, stream, client.signal);
  } catch (error) {
    // Once spliced, the client has seen its connection end; before that it is told why.
    if (!isTswslError(error, "disconnected") || socket.writable) throw error;
    log.debug("command connection ended early", { reason: asTswslError(error).message });
  } finally {
    use.release();
  }
}
