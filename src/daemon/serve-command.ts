import type { Socket } from "node:net";
import { asTswslError } from "../base/errors.ts";
import { openCommand } from "../distro/exec.ts";
import { GuestWatch } from "../distro/guest-watch.ts";
import { READY_PHASE, type ClientExecHeader, type Progress } from "../protocol/daemon.ts";
import { EarlyInput } from "../protocol/early-input.ts";
import { encodeJsonFrame, FrameType } from "../protocol/frames.ts";
import { splice } from "../protocol/splice.ts";
import type { Daemon } from "./compose.ts";

/**
 * Serves one command: starts what it needs, telling the client what it waits for, then splices the client to the
 * guest's stream. The distro is in use until the command's stream has ended. A client that goes in the meantime ends
 * the waiting. Raises what the client is still to be told.
 */
export async function serveCommand(
  daemon: Daemon,
  header: ClientExecHeader,
  client: { socket: Socket; signal: AbortSignal },
): Promise<void> {
  const { socket } = client;
  const gone = new AbortController();
  const input = new EarlyInput(socket, () => gone.abort());
  const signal = AbortSignal.any([client.signal, gone.signal]);
  const { distros, log, loss } = daemon;
  const record = distros.resolve(header.distro);
  const report = (progress: Progress): void => {
    if (socket.writable) socket.write(encodeJsonFrame(FrameType.progress, progress));
  };
  const use = await distros.lifecycle.use(record, signal, report).catch(async (error: unknown) => {
    throw await loss.explain(asTswslError(error));
  });
  const watch = new GuestWatch(use.agent, { once: true });
  try {
    const warn = (warning: string): void => report({ phase: `Starting ${record.name}`, warning });
    const stream = await openCommand(use, record, header, { signal, warn });
    report({ phase: READY_PHASE });
    input.giveBack();
    await splice(socket, stream, {
      signal: AbortSignal.any([client.signal, watch.signal]),
      explain: (cause) => loss.explain(cause),
    });
  } catch (error) {
    // Once spliced, the client has been told; before that it is still to be.
    if (socket.writable) throw error;
    log.info("command ended early", { distro: record.name, reason: asTswslError(error).message });
  } finally {
    watch.stop();
    use.release();
  }
}
