import type { Qid } from "../file-system.ts";
import type { Layout } from "./layout.ts";
import { layoutOf } from "./layout.ts";
import type { AnyBody, Body, FieldType, FieldTypes, MessageName } from "./messages.ts";
import { WireWriter } from "./writer.ts";

type Value = FieldTypes[FieldType];

/** The message as one buffer. */
export function encodeMessage<N extends MessageName>(name: N, tag: number, body: Body<N>): Buffer {
  const layout = layoutOf(name);
  // A body of one message is a body of any.
  const fields = body as AnyBody;
  const bytes = Buffer.allocUnsafe(encodedBytes(layout, fields));
  encodeInto(bytes, 0, { layout, tag, body: fields });
  return bytes;
}

/** How long the message will be, its header included. */
export function encodedBytes(layout: Layout, body: AnyBody): number {
  let bytes = layout.fixedBytes;
  for (const { name, type } of layout.variable) bytes += contentBytes(type, body[name]);
  return bytes;
}

/** Writes the message at `start`; the caller has made room for {@link encodedBytes}. Returns where it ends. */
export function encodeInto(
  bytes: Buffer,
  start: number,
  { layout, tag, body }: { readonly layout: Layout; readonly tag: number; readonly body: AnyBody },
): number {
  const writer = new WireWriter(bytes, start + 4);
  writer.u8(layout.number);
  writer.u16(tag);
  for (const { name, type } of layout.fields) writeField(writer, type, body[name]);
  const end = writer.at;
  writer.at = start;
  writer.u32(end - start);
  return end;
}

/** The table ties a field's type to its value's, which `Body` has checked where the message was made. */
function writeField(writer: WireWriter, type: FieldType, value: Value | undefined): void {
  switch (type) {
    case "u8":
      return writer.u8(value as number);
    case "u16":
      return writer.u16(value as number);
    case "u32":
      return writer.u32(value as number);
    case "u64":
      return writer.u64(value as number);
    case "i64":
      return writer.i64(value as number);
    case "cookie":
      return writer.cookie(value as bigint);
    case "str":
      return writer.str(value as string);
    case "names":
      return writer.names(value as readonly string[]);
    case "qid":
      return writer.qid(value as Qid);
    case "qids":
      return writer.qids(value as readonly Qid[]);
    case "data":
      return writer.data(value as Uint8Array);
  }
}

/** See {@link writeField} for the casts. */
function contentBytes(type: FieldType, value: Value | undefined): number {
  if (type === "str") return (value as string).length;
  if (type === "names") return (value as readonly string[]).reduce((sum, name) => sum + 2 + name.length, 0);
  if (type === "qids") return (value as readonly Qid[]).length * 13;
  return (value as Uint8Array).length;
}
