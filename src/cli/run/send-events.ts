import type { FrameConnection } from "../../protocol/frame-channel.ts";
import { encodeFrame, encodeResize, FrameType } from "../../protocol/frames.ts";
import type { CliProcess } from "../cli.ts";
import { screenOf, windowSize } from "./standard-channels.ts";

/** Tells the command's terminal each new size of ours. The function returned stops. */
export function sendResizes(
  cli: Pick<CliProcess, "stdout" | "stderr">,
  connection: FrameConnection,
  signal: AbortSignal,
): () => void {
  const screen = screenOf(cli);
  const send = (): void => {
    const { rows, columns } = windowSize(screen);
    attempt(connection.send(encodeResize(rows, columns), signal));
  };
  screen?.on("resize", send);
  return () => {
    screen?.off("resize", send);
  };
}

/** Sends a signal to the command, when there is a connection to one. */
export function sendSignal(
  connection: FrameConnection | undefined,
  number: number,
  signal: AbortSignal,
): void {
  if (connection !== undefined)
    attempt(connection.send(encodeFrame(FrameType.signal, Buffer.of(number)), signal));
}

/** A connection that breaks tells so through its outcome; an event that got lost with it needs no report of its own. */
function attempt(sending: Promise<void>): void {
  sending.catch(() => undefined);
}
