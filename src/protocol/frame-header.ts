import { once } from "node:events";
import type { Readable } from "node:stream";
import * as v from "valibot";
import { withDeadline } from "../base/deadline.ts";
import { TswslError } from "../base/errors.ts";
import { timeouts } from "../base/timeouts.ts";
import { ByteCollector } from "./byte-collector.ts";
import type { Schema } from "./contract.ts";
import { FRAME_HEADER_BYTES, frameSize, FrameType } from "./frames.ts";
import { parseWireError } from "./wire-error.ts";

/**
 * Reads the first frame of a stream, which says what the stream is for. What follows it is left in the stream, so
 * the stream can then be given to anyone: an RPC connection, a frame connection, a splice. Nobody may have listened
 * to its data before. Raises `protocol` when the first frame is no header or does not fit the schema, `disconnected`
 * when the stream ends first, `timeout` after `timeouts.streamHeader`, and what the peer says when an error frame comes
 * instead; then the stream is to be destroyed.
 */
export async function readHeader<S extends Schema>(
  stream: Readable,
  schema: S,
  signal: AbortSignal,
): Promise<v.InferOutput<S>> {
  const deadline = { ms: timeouts.streamHeader, what: "the first frame of a connection" };
  const frame = await withDeadline(signal, deadline, (signal) => firstFrame(stream, signal));
  const value = parseJson(frame.subarray(FRAME_HEADER_BYTES));
  if (frame[0] === FrameType.error) throw parseWireError(value);
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  throw new TswslError("protocol", `the header of a connection is malformed:\n${v.summarize(parsed.issues)}`);
}

/** The JSON of a frame that a peer sent. Raises `protocol` when it is none. */
export function parseJson(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString("utf8"));
  } catch (cause) {
    throw new TswslError("protocol", "a frame does not hold JSON", { cause });
  }
}

async function firstFrame(stream: Readable, signal: AbortSignal): Promise<Buffer> {
  const frame = new ByteCollector();
  for (;;) {
    let rest = await nextChunk(stream, signal);
    if (frame.length < FRAME_HEADER_BYTES) rest = frame.fill(rest, FRAME_HEADER_BYTES);
    const size = headerFrameSize(frame.bytes);
    if (size === undefined) continue;
    rest = frame.fill(rest, size);
    if (frame.length < size) continue;
    if (rest.length > 0) stream.unshift(rest);
    return frame.take();
  }
}

function headerFrameSize(bytes: Buffer): number | undefined {
  const type = bytes[0];
  if (type !== undefined && type !== FrameType.header && type !== FrameType.error) {
    throw new TswslError("protocol", `a connection begins with frame type ${type} instead of a header`);
  }
  return frameSize(bytes);
}

/** Reads in paused mode, since a stream that flows cannot be handed on without losing bytes. */
async function nextChunk(stream: Readable, signal: AbortSignal): Promise<Buffer> {
  for (;;) {
    // A stream without encoding yields buffers.
    const chunk = stream.read() as Buffer | null;
    if (chunk !== null) return chunk;
    if (stream.destroyed || stream.readableEnded) {
      throw new TswslError("disconnected", "the connection ended before it said what it is for");
    }
    const settled = new AbortController();
    const options = { signal: AbortSignal.any([signal, settled.signal]) };
    try {
      await Promise.race(["readable", "end", "close"].map((event) => once(stream, event, options)));
    } catch (cause) {
      throw new TswslError("disconnected", "the connection failed before it said what it is for", { cause });
    } finally {
      settled.abort();
    }
  }
}
