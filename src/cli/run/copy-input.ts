import type { Writable } from "node:stream";
import type { InputStream } from "../cli.ts";

/**
 * Sends standard input on, as fast as the command takes it, and its end as the end of file. The function returned
 * stops. A terminal that is gone reads as an error: for the command that is the end of its input as well.
 */
export function copyInput(
  input: InputStream,
  channel: Writable,
  look: (chunk: Uint8Array) => void,
): () => void {
  const onError = (): void => {
    channel.end();
  };
  input.on("error", onError);
  input.on("data", look);
  input.pipe(channel);
  return () => {
    input.off("error", onError);
    input.off("data", look);
    input.unpipe(channel);
    input.pause();
  };
}
