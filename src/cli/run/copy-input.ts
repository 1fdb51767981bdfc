import type { Writable } from "node:stream";
import { TswslError } from "../../base/errors.ts";
import type { InputStream } from "../cli.ts";

export interface InputWatch {
  /** Sees what passes. */
  readonly look: (chunk: Uint8Array) => void;
  /** The input cannot be read: a directory, a broken disk. The command must not take that for the end of it. */
  readonly onBroken: (error: TswslError) => void;
}

/**
 * Sends standard input on, as fast as the command takes it, and its end as the end of file. The function returned
 * stops. A terminal that is gone reads as an error: for the command that is the end of its input as well.
 *
 * Not by `pipe`, which looks at process.stdout and by that makes it non-blocking, see standard-outputs.ts.
 */
export function copyInput(input: InputStream, channel: Writable, { look, onBroken }: InputWatch): () => void {
  const onData = (chunk: Uint8Array): void => {
    look(chunk);
    if (!channel.write(chunk)) input.pause();
  };
  const onDrain = (): void => {
    input.resume();
  };
  const onEnd = (): void => {
    channel.end();
  };
  const onError = (cause: Error): void => {
    if (input.isTTY === true) channel.end();
    else onBroken(new TswslError("unavailable", `cannot read standard input: ${cause.message}`, { cause }));
  };
  // The connection's outcome says why; here it only means that nothing more is wanted.
  const onRefused = (): void => {
    input.pause();
  };
  channel.on("drain", onDrain).on("error", onRefused);
  input.on("error", onError).on("end", onEnd).on("data", onData);
  return () => {
    input.off("data", onData).off("end", onEnd).off("error", onError);
    channel.off("drain", onDrain);
    input.pause();
  };
}
