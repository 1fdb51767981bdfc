import { type Layout, layoutOfNumber } from "./layout.ts";
import { type AnyBody, type FieldType, type FieldTypes, HEADER_BYTES, type MessageName } from "./messages.ts";
import { WireReader } from "./reader.ts";

export interface Message {
  readonly name: MessageName;
  readonly tag: number;
  readonly body: AnyBody;
}

/**
 * What a whole message says beside its header: the bytes from `start` to `end`. Undefined unless the fields fill exactly
 * that. Payloads are views of `bytes`.
 */
export function decodeBody(layout: Layout, bytes: Buffer, start: number, end: number): AnyBody | undefined {
  const reader = new WireReader(bytes, start, end);
  const body: Record<string, FieldTypes[FieldType]> = {};
  for (const { name, type } of layout.fields) body[name] = reader[type]();
  return reader.overflowed || reader.remaining > 0 ? undefined : body;
}

/** One whole message; undefined when it is none of 9P2000.L, or malformed. Never throws. */
export function decodeMessage(bytes: Buffer): Message | undefined {
  if (bytes.length < HEADER_BYTES || bytes.readUInt32LE(0) !== bytes.length) return undefined;
  const layout = layoutOfNumber(bytes.readUInt8(4));
  if (!layout) return undefined;
  const body = decodeBody(layout, bytes, HEADER_BYTES, bytes.length);
  return body && { name: layout.name, tag: bytes.readUInt16LE(5), body };
}
