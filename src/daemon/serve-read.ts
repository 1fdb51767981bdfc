import { once } from "node:events";
import type { Socket } from "node:net";
import { asTswslError } from "../base/errors.ts";
import { readPlace } from "../distro/files/read.ts";
import type { Progress } from "../protocol/daemon.ts";
import type { ClientReadHeader } from "../protocol/files.ts";
import { FrameConnection } from "../protocol/frame-channel.ts";
import { encodeFrame, encodeJsonFrame, FrameType } from "../protocol/frames.ts";
import type { Daemon } from "./compose.ts";

/** Sends a file of a distro to a client, as fast as that takes it, then exit status 0. Raises what is to be told instead. */
export async function serveRead(
  daemon: Daemon,
  header: ClientReadHeader,
  client: { socket: Socket; signal: AbortSignal },
): Promise<void> {
  const { socket } = client;
  const gone = new AbortController();
  for (const event of ["end", "close"]) socket.once(event, () => gone.abort());
  const signal = AbortSignal.any([client.signal, gone.signal]);
  const connection = new FrameConnection(socket, { sends: [FrameType.stdout], receives: [] });
  const output = connection.writable(FrameType.stdout);
  const report = (progress: Progress): void => {
    if (socket.writable) socket.write(encodeJsonFrame(FrameType.progress, progress));
  };
  try {
    for await (const chunk of readPlace(header, daemon.places, { signal, report }))
      if (!output.write(chunk)) await once(output, "drain", { signal });
    output.end();
    await once(output, "finish", { signal });
    await connection.send(encodeFrame(FrameType.exit, Buffer.of(0, 0)), signal);
    connection.close();
  } catch (error) {
    throw await daemon.loss.explain(asTswslError(error));
  }
}
