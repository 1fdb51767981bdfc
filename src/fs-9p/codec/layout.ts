import { type FieldType, type MessageName, messages } from "./messages.ts";

/** One message type as the codec walks it. */
export interface Layout {
  readonly name: MessageName;
  readonly number: number;
  readonly fields: readonly { readonly name: string; readonly type: FieldType }[];
  /** Header and all fields, the lengths of strings and lists included but not their content. */
  readonly fixedBytes: number;
  readonly variable: readonly { readonly name: string; readonly type: FieldType }[];
}

const fixedBytes: Readonly<Record<FieldType, number>> = {
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  i64: 8,
  cookie: 8,
  str: 2,
  names: 2,
  qid: 13,
  qids: 2,
  data: 4,
};
const variableTypes: ReadonlySet<FieldType> = new Set(["str", "names", "qids", "data"]);

const byNumber: (Layout | undefined)[] = Array.from({ length: 256 });
// Object.entries widens the keys to string.
const byName = {} as Record<MessageName, Layout>;
for (const [name, message] of Object.entries(messages) as [MessageName, (typeof messages)[MessageName]][]) {
  const fields = Object.entries<FieldType>(message.fields).map(([name, type]) => ({ name, type }));
  const layout: Layout = {
    name,
    number: message.number,
    fields,
    fixedBytes: fields.reduce((sum, { type }) => sum + fixedBytes[type], 7),
    variable: fields.filter(({ type }) => variableTypes.has(type)),
  };
  byName[name] = layout;
  byNumber[message.number] = layout;
}

export function layoutOf(name: MessageName): Layout {
  return byName[name];
}

/** Undefined for a type number that is not of 9P2000.L. */
export function layoutOfNumber(number: number): Layout | undefined {
  return byNumber[number];
}
