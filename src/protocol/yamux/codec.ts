import { asTswslError, TswslError } from "../../base/errors.ts";

/**
 * The header of yamux version 0, as specified by its authors (hashicorp/yamux, spec.md):
 * `version[1] type[1] flags[2] stream[4] length[4]`, big endian. Only a data frame has a body, of `length` bytes.
 */
export interface YamuxHeader {
  readonly type: YamuxType;
  /** A set of {@link YamuxFlag}. */
  readonly flags: number;
  /** 0 for ping and go away. */
  readonly streamId: number;
  /** Bytes of data, growth of a window, a ping's opaque value or the reason of a go away. */
  readonly length: number;
}

const YAMUX_VERSION = 0;
export const YAMUX_HEADER_BYTES = 12;

export const YamuxType = { data: 0, windowUpdate: 1, ping: 2, goAway: 3 } as const;
export type YamuxType = (typeof YamuxType)[keyof typeof YamuxType];

export const YamuxFlag = { syn: 1, ack: 2, fin: 4, rst: 8 } as const;

/** Reasons carried by a go away frame. */
export const GoAwayReason = { normal: 0, protocolError: 1, internalError: 2 } as const;
export type GoAwayReason = (typeof GoAwayReason)[keyof typeof GoAwayReason];

const knownTypes: ReadonlySet<number> = new Set(Object.values(YamuxType));
const KNOWN_FLAGS = YamuxFlag.syn | YamuxFlag.ack | YamuxFlag.fin | YamuxFlag.rst;

/** The 12 bytes of a header. */
export function encodeHeader({ type, flags, streamId, length }: YamuxHeader): Buffer {
  const bytes = Buffer.allocUnsafe(YAMUX_HEADER_BYTES);
  bytes.writeUInt8(YAMUX_VERSION, 0);
  bytes.writeUInt8(type, 1);
  bytes.writeUInt16BE(flags, 2);
  bytes.writeUInt32BE(streamId, 4);
  bytes.writeUInt32BE(length, 8);
  return bytes;
}

/** Reads a header from the first 12 bytes. Throws `protocol` on a version, type, flag or stream id out of the spec. */
export function decodeHeader(bytes: Buffer): YamuxHeader {
  const version = bytes.readUInt8(0);
  const type = bytes.readUInt8(1);
  const flags = bytes.readUInt16BE(2);
  const streamId = bytes.readUInt32BE(4);
  if (version !== YAMUX_VERSION) throw new TswslError("protocol", `unknown yamux version ${version}`);
  if (!knownTypes.has(type)) throw new TswslError("protocol", `unknown yamux frame type ${type}`);
  if ((flags & ~KNOWN_FLAGS) !== 0) throw new TswslError("protocol", `unknown yamux flags ${flags}`);
  const ofSession = type === YamuxType.ping || type === YamuxType.goAway;
  if (ofSession !== (streamId === 0)) {
    throw new TswslError("protocol", `yamux frame type ${type} cannot be about stream ${streamId}`);
  }
  // Checked against the known types above.
  return { type: type as YamuxType, flags, streamId, length: bytes.readUInt32BE(8) };
}

/** What a {@link YamuxDecoder} finds. Anything thrown here ends the decoding for good. */
export interface YamuxSink {
  /** A header. For a data frame, `body` and one `bodyEnd` follow before the next header. */
  header(header: YamuxHeader): void;
  /** A part of a data frame's body, never empty: a view of the chunk that was pushed. */
  body(bytes: Buffer): void;
  /** The body of the data frame is complete. Called for an empty one as well. */
  bodyEnd(header: YamuxHeader): void;
}

/**
 * Splits received bytes into headers and bodies. Bodies are handed on as they come in, so nothing is allocated
 * because a header announces it; the sink refuses a length it has no window for. A failure is sticky.
 */
export class YamuxDecoder {
  readonly #sink: YamuxSink;
  readonly #partial = Buffer.alloc(YAMUX_HEADER_BYTES);
  #partialBytes = 0;
  #current: YamuxHeader | undefined;
  #remaining = 0;
  #failure: TswslError | undefined;

  constructor(sink: YamuxSink) {
    this.#sink = sink;
  }

  /** Throws `protocol` for malformed input, or what the sink threw; afterwards every call throws the same again. */
  push(chunk: Buffer): void {
    if (this.#failure) throw this.#failure;
    try {
      let rest = chunk;
      while (rest.length > 0)
        rest = this.#current ? this.#takeBody(this.#current, rest) : this.#takeHeader(rest);
    } catch (error) {
      this.#failure = asTswslError(error);
      throw this.#failure;
    }
  }

  #takeHeader(chunk: Buffer): Buffer {
    if (this.#partialBytes === 0 && chunk.length >= YAMUX_HEADER_BYTES) {
      this.#begin(decodeHeader(chunk));
      return chunk.subarray(YAMUX_HEADER_BYTES);
    }
    const taken = chunk.copy(this.#partial, this.#partialBytes);
    this.#partialBytes += taken;
    if (this.#partialBytes === YAMUX_HEADER_BYTES) {
      this.#partialBytes = 0;
      this.#begin(decodeHeader(this.#partial));
    }
    return chunk.subarray(taken);
  }

  #begin(header: YamuxHeader): void {
    this.#sink.header(header);
    if (header.type !== YamuxType.data) return;
    if (header.length === 0) {
      this.#sink.bodyEnd(header);
    } else {
      this.#current = header;
      this.#remaining = header.length;
    }
  }

  #takeBody(header: YamuxHeader, chunk: Buffer): Buffer {
    const bytes = chunk.subarray(0, this.#remaining);
    this.#remaining -= bytes.length;
    this.#sink.body(bytes);
    if (this.#remaining === 0) {
      this.#current = undefined;
      this.#sink.bodyEnd(header);
    }
    return chunk.subarray(bytes.length);
  }
}
