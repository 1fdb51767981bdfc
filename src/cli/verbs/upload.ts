import { pipeline } from "node:stream/promises";
import { FrameConnection } from "../../protocol/frame-channel.ts";
import type { ClientHeader } from "../../protocol/daemon.ts";
import { encodeJsonFrame, FrameType } from "../../protocol/frames.ts";
import type { Cli } from "../cli.ts";

/**
 * Sends standard input to the daemon, on a connection of its own that a request names by the same token, as fast as the
 * daemon takes it. Rejects with `disconnected` when the daemon has had enough.
 */
export async function upload(cli: Cli, token: string, signal: AbortSignal): Promise<void> {
  const stream = await cli.daemon.connect(signal);
  const header: ClientHeader = { kind: "upload", token };
  stream.write(encodeJsonFrame(FrameType.header, header));
  const connection = new FrameConnection(stream, { sends: [FrameType.stdin], receives: [] });
  try {
    await pipeline(cli.stdin, connection.writable(FrameType.stdin), { signal });
    connection.close();
  } catch (error) {
    // A half-sent archive must not look like a whole one.
    connection.destroy();
    throw error;
  }
}
