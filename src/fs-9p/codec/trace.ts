import { textFromName } from "../names.ts";
import type { Message } from "./decode.ts";
import { layoutOf } from "./layout.ts";
import type { FieldType, FieldTypes } from "./messages.ts";
import type { Qid } from "../file-system.ts";

/** A message for people to read: `Twalk tag 3 fid 1 newfid 2 names [etc passwd]`. Payloads are told by their length. */
export function formatMessage({ name, tag, body }: Message): string {
  const fields = layoutOf(name).fields.map(
    ({ name, type }) => ` ${name} ${formatField(type, body[name] as FieldTypes[FieldType])}`,
  );
  return `${name} tag ${tag}${fields.join("")}`;
}

/** The table ties a field's type to its value's. */
function formatField(type: FieldType, value: FieldTypes[FieldType]): string {
  if (type === "str") return formatName(value as string);
  if (type === "names") return `[${(value as readonly string[]).map(formatName).join(" ")}]`;
  if (type === "qid") return formatQid(value as Qid);
  if (type === "qids") return `[${(value as readonly Qid[]).map(formatQid).join(" ")}]`;
  if (type === "data") return `<${(value as Uint8Array).length} bytes>`;
  return (value as number | bigint).toString();
}

/** Quoted unless it is one plain word, so that a peer cannot forge a line or a field of the trace. */
function formatName(name: string): string {
  return /^[\w.@+-]+$/.test(name) ? name : JSON.stringify(textFromName(name));
}

function formatQid({ type, version, path }: Qid): string {
  return `${path.toString(16)}.${version.toString(16)}.${type.toString(16)}`;
}
