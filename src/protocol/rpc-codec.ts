import { TswslError } from "../base/errors.ts";
import { ByteCollector } from "./byte-collector.ts";

/** Largest JSON-RPC message, either way. The biggest honest one carries a distro's start: an OCI document and files. */
export const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
/** `Content-Length: n`, perhaps a `Content-Type`. */
export const MAX_MESSAGE_HEADER_BYTES = 512;

const endOfHeader = "\r\n\r\n";

/** The message as one buffer in the framing of the Language Server Protocol's base protocol. */
export function encodeMessage(body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}${endOfHeader}`, "latin1"), body]);
}

/**
 * Splits a byte stream into message bodies. vscode-jsonrpc's own reader believes any Content-Length and scans its
 * whole backlog for each chunk; this one has limits and takes linear time.
 */
export class MessageDecoder {
  readonly #body = new ByteCollector();
  #header: Buffer = Buffer.alloc(0);
  /** Length of the body that is being read; undefined while in a header. */
  #bodyBytes: number | undefined;

  /** The bodies completed by `chunk`. Throws `protocol` on a malformed or oversized header. */
  push(chunk: Buffer): Buffer[] {
    const bodies: Buffer[] = [];
    let rest = chunk;
    while (rest.length > 0 || this.#bodyBytes === 0) {
      if (this.#bodyBytes === undefined) {
        rest = this.#takeHeader(rest);
      } else {
        rest = this.#body.fill(rest, this.#bodyBytes);
        if (this.#body.length < this.#bodyBytes) break;
        this.#bodyBytes = undefined;
        bodies.push(this.#body.take());
      }
    }
    return bodies;
  }

  #takeHeader(chunk: Buffer): Buffer {
    const known = this.#header.length;
    const header = Buffer.concat([this.#header, chunk.subarray(0, MAX_MESSAGE_HEADER_BYTES - known)]);
    const end = header.indexOf(endOfHeader, 0, "latin1");
    if (end < 0) {
      if (header.length >= MAX_MESSAGE_HEADER_BYTES)
        throw new TswslError("protocol", "a message header has no end");
      this.#header = header;
      return Buffer.alloc(0);
    }
    this.#header = Buffer.alloc(0);
    this.#bodyBytes = contentLength(header.toString("latin1", 0, end));
    return chunk.subarray(end + endOfHeader.length - known);
  }
}

function contentLength(header: string): number {
  const value = /^content-length:[ \t]*(\d{1,15})[ \t]*$/im.exec(header.replaceAll("\r\n", "\n"))?.[1];
  if (value === undefined) throw new TswslError("protocol", "a message header has no Content-Length");
  const length = Number(value);
  if (length <= MAX_MESSAGE_BYTES) return length;
  throw new TswslError("protocol", `a message of ${length} bytes exceeds ${MAX_MESSAGE_BYTES}`);
}
