import { TswslError } from "../base/errors.ts";
import { ByteCollector } from "./byte-collector.ts";

/**
 * The frames of every stream but the control stream: one byte of type, three of payload length (big endian), the
 * payload. The first frame of a stream is a header. Written down for both ends in docs/protocol.md; the C++ side
 * is tested with the same golden vectors (tests/fixtures/frames.json).
 */
export const FrameType = {
  /** JSON; the first frame of a stream and only that. Says what the stream is for. */
  header: 0x01,
  /** Bytes for the command's standard input; empty means end of file. */
  stdin: 0x02,
  /** Bytes of its standard output; empty means end of file. */
  stdout: 0x03,
  /** Bytes of its standard error; empty means end of file. */
  stderr: 0x04,
  /** u8 data frame type, u32 bytes: the receiver of that channel can take so many more. */
  window: 0x05,
  /** u16 rows, u16 columns. */
  resize: 0x06,
  /** u8 Linux signal number, for the foreground process group (terminal) or the command's group. */
  signal: 0x07,
  /** u8 kind (0 exit status, 1 signal), u8 value. The last frame from the side that runs the command. */
  exit: 0x08,
  /** JSON {@link WireError}. The last frame: the stream's deed failed. */
  error: 0x09,
  /** JSON progress report to the client: the daemon's, and warnings of the guest's while a command runs. */
  progress: 0x0a,
} as const;

export type FrameType = (typeof FrameType)[keyof typeof FrameType];

/** A channel that is subject to credit. */
export type DataFrameType = typeof FrameType.stdin | typeof FrameType.stdout | typeof FrameType.stderr;

export interface Frame {
  readonly type: FrameType;
  readonly payload: Buffer;
}

export const FRAME_HEADER_BYTES = 4;
/** Largest payload of a data frame. */
export const MAX_DATA_BYTES = 64 * 1024;
/** Largest payload of a JSON frame: an environment and an argument list fit, a flood does not. */
export const MAX_JSON_BYTES = 1024 * 1024;
/** Bytes of each channel that may be in flight before the first window frame. */
export const INITIAL_CREDIT = 1024 * 1024;

const jsonTypes: ReadonlySet<number> = new Set([FrameType.header, FrameType.error, FrameType.progress]);
const fixedSizes: ReadonlyMap<number, number> = new Map([
  [FrameType.window, 5],
  [FrameType.resize, 4],
  [FrameType.signal, 1],
  [FrameType.exit, 2],
]);
const knownTypes: ReadonlySet<number> = new Set(Object.values(FrameType));

/** The frame as one buffer. The caller keeps data payloads at or under {@link MAX_DATA_BYTES}. */
export function encodeFrame(type: FrameType, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + payload.length);
  frame.writeUInt8(type, 0);
  frame.writeUIntBE(payload.length, 1, 3);
  frame.set(payload, FRAME_HEADER_BYTES);
  return frame;
}

/** A header, error or progress frame. */
export function encodeJsonFrame(type: FrameType, value: unknown): Buffer {
  return encodeFrame(type, Buffer.from(JSON.stringify(value)));
}

/** Window frame: `bytes` more may be sent on `channel`. */
export function encodeWindow(channel: DataFrameType, bytes: number): Buffer {
  const payload = Buffer.allocUnsafe(5);
  payload.writeUInt8(channel, 0);
  payload.writeUInt32BE(bytes, 1);
  return encodeFrame(FrameType.window, payload);
}

/** Resize frame, in character cells. */
export function encodeResize(rows: number, columns: number): Buffer {
  const payload = Buffer.allocUnsafe(4);
  payload.writeUInt16BE(rows & 0xffff, 0);
  payload.writeUInt16BE(columns & 0xffff, 2);
  return encodeFrame(FrameType.resize, payload);
}

/** Splits a byte stream into frames. Holds at most one incomplete frame, which cannot exceed its type's limit. */
export class FrameDecoder {
  readonly #partial = new ByteCollector();

  /**
   * The frames completed by `chunk`, whose payloads may be views of it. Throws `protocol` on an unknown type or a
   * size over the limit of its type.
   */
  push(chunk: Uint8Array): Frame[] {
    let data = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const frames: Frame[] = [];
    while (data.length > 0) {
      // The usual case first: a whole frame within the chunk is not copied.
      const size = this.#partial.length === 0 ? frameSize(data) : undefined;
      if (size !== undefined && size <= data.length) {
        frames.push(toFrame(data.subarray(0, size)));
        data = data.subarray(size);
      } else {
        data = this.#partial.fill(data, frameSize(this.#partial.bytes) ?? FRAME_HEADER_BYTES);
        if (frameSize(this.#partial.bytes) === this.#partial.length)
          frames.push(toFrame(this.#partial.take()));
      }
    }
    return frames;
  }

  /** Bytes received after the last complete frame. */
  get pending(): Buffer {
    return this.#partial.bytes;
  }
}

function toFrame(bytes: Buffer): Frame {
  // frameSize has found the type among the known ones.
  return { type: bytes.readUInt8(0) as FrameType, payload: bytes.subarray(FRAME_HEADER_BYTES) };
}

/** The size of the frame that begins here, or undefined before its header is complete. Throws `protocol`. */
export function frameSize(bytes: Buffer): number | undefined {
  if (bytes.length < FRAME_HEADER_BYTES) return undefined;
  const length = bytes.readUIntBE(1, 3);
  checkFrame(bytes.readUInt8(0), length);
  return FRAME_HEADER_BYTES + length;
}

function checkFrame(type: number, length: number): void {
  const limit = jsonTypes.has(type) ? MAX_JSON_BYTES : (fixedSizes.get(type) ?? MAX_DATA_BYTES);
  if (!knownTypes.has(type)) throw new TswslError("protocol", `unknown frame type ${type}`);
  if (length > limit)
    throw new TswslError("protocol", `frame type ${type} of ${length} bytes exceeds ${limit}`);
  const fixed = fixedSizes.get(type);
  if (fixed !== undefined && length !== fixed) {
    throw new TswslError("protocol", `frame type ${type} must have ${fixed} bytes, not ${length}`);
  }
}
