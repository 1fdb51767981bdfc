import type { Duplex } from "node:stream";
import { finished } from "node:stream/promises";
import { cancelled } from "../base/deadline.ts";
import { asTswslError, TswslError } from "../base/errors.ts";
import { encodeJsonFrame, FrameType } from "./frames.ts";
import { WholeFrames } from "./whole-frames.ts";

export interface SpliceOptions {
  /** Ends the splice; its reason is the cause that is explained. */
  readonly signal: AbortSignal;
  /** What the client is told when the guest's stream ends before its last frame. */
  readonly explain: (cause: TswslError) => Promise<TswslError>;
}

/**
 * Joins a client's connection and the guest's stream of its command, both ways, with back-pressure. Of the guest's
 * side only the boundaries of frames are looked at: when that stream ends or fails before the exit (or error) frame,
 * the client gets an error frame of ours instead. Resolves when both streams have ended in good order. Rejects when
 * they have not, the streams being destroyed: with `disconnected` when the client has gone, else with what the client
 * has been told. Both must allow half-open (a socket server needs `allowHalfOpen: true`).
 */
export async function splice(client: Duplex, guest: Duplex, options: SpliceOptions): Promise<void> {
  const clientEnded = finished(client);
  // A client that fails takes the guest's stream with it: the guest hangs the command up.
  clientEnded.catch(() => guest.destroy());
  const guestEnded = finished(guest);
  guestEnded.catch(() => undefined);
  client.pipe(guest);
  const cause = await passFrames(client, guest, options.signal);
  if (!cause) {
    client.end();
    // A stream that is ending never drains: what paused the guest's is over.
    guest.resume();
    await Promise.all([clientEnded, guestEnded]).catch((error: unknown) => giveUp(client, guest, error));
    return;
  }
  // One that has ended its half has gone: its command did not die, it was hung up.
  const gone = client.destroyed || client.readableEnded;
  client.unpipe(guest);
  guest.destroy();
  if (gone) return giveUp(client, guest, cause);
  // Its end must be read to be seen.
  client.resume();
  const explained = await options.explain(cause);
  if (client.writable) client.end(encodeJsonFrame(FrameType.error, explained.toWire()));
  await clientEnded.catch(() => undefined);
  throw explained;
}

/** Undefined when the guest's last frame has been passed on, else why there will be none. */
async function passFrames(
  client: Duplex,
  guest: Duplex,
  signal: AbortSignal,
): Promise<TswslError | undefined> {
  const frames = new WholeFrames();
  const { promise, resolve } = Promise.withResolvers<TswslError | undefined>();
  const onAbort = (): void => resolve(cancelled(signal));
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  guest.on("data", (chunk: Buffer) => {
    try {
      pass(client, guest, frames.push(chunk));
      if (frames.over) resolve(undefined);
    } catch (error) {
      resolve(asTswslError(error));
    }
  });
  client.on("drain", () => guest.resume());
  guest.once("error", (error) => resolve(asTswslError(error)));
  for (const event of ["end", "close"]) guest.once(event, () => resolve(lost()));
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function pass(client: Duplex, guest: Duplex, parts: readonly Buffer[]): void {
  if (parts.length > 1) client.cork();
  let roomy = true;
  for (const part of parts) roomy = client.write(part);
  if (parts.length > 1) client.uncork();
  if (!roomy) guest.pause();
}

function giveUp(client: Duplex, guest: Duplex, cause: unknown): never {
  client.destroy();
  guest.destroy();
  throw new TswslError("disconnected", "the client closed the connection early", { cause });
}

function lost(): TswslError {
  return new TswslError("disconnected", "the guest ended the command's stream early");
}
