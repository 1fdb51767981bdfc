/**
 * Messages between a stand-in library and this process: a length, then fields, each a length and UTF-16 text. 32-bit
 * little-endian lengths; 0xFFFFFFFF is a field that is null.
 */

export type Field = string | null;
export type Message = readonly Field[];

const NULL = 0xffffffff;
/** Larger than any document; a length beyond it is not from our library. */
const MAX_MESSAGE = 16 * 1024 * 1024;

export function encodeMessage(message: Message): Buffer {
  const parts = message.flatMap((field) => {
    const text = field === null ? Buffer.alloc(0) : Buffer.from(field, "utf16le");
    return [uint32(field === null ? NULL : text.length), text];
  });
  const body = Buffer.concat(parts);
  return Buffer.concat([uint32(body.length), body]);
}

/** Takes bytes as they come and gives whole messages. */
export class MessageReader {
  #bytes: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): Message[] {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    const messages: Message[] = [];
    for (let message = this.#take(); message; message = this.#take()) messages.push(message);
    return messages;
  }

  /** The first message alone; what follows it is {@link rest}. */
  pushForOne(chunk: Buffer): Message | undefined {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    return this.#take();
  }

  /** Bytes that belong to no message yet. */
  rest(): Buffer {
    return this.#bytes;
  }

  #take(): Message | undefined {
    if (this.#bytes.length < 4) return undefined;
    const length = this.#bytes.readUInt32LE(0);
    if (length > MAX_MESSAGE) throw new Error(`a message of ${length} bytes`);
    if (this.#bytes.length < 4 + length) return undefined;
    const body = this.#bytes.subarray(4, 4 + length);
    this.#bytes = this.#bytes.subarray(4 + length);
    return fields(body);
  }
}

function fields(body: Buffer): Message {
  const found: Field[] = [];
  for (let at = 0; at + 4 <= body.length;) {
    const length = body.readUInt32LE(at);
    at += 4;
    if (length === NULL) {
      found.push(null);
      continue;
    }
    if (at + length > body.length) throw new Error("a field longer than its message");
    found.push(body.toString("utf16le", at, at + length));
    at += length;
  }
  return found;
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}
