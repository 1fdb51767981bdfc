import * as v from "valibot";
import { TswslError } from "../../base/errors.ts";

/** Longest line accepted. QEMU's answers to what we ask are far below. */
export const MAX_QMP_LINE = 1024 * 1024;

const Json = v.record(v.string(), v.unknown());
const Id = v.optional(v.number());

const Greeting = v.object({ QMP: Json });
const Return = v.object({ return: v.unknown(), id: Id });
const Failure = v.object({ error: v.object({ class: v.string(), desc: v.string() }), id: Id });
const Event = v.object({ event: v.string(), data: v.optional(Json, {}) });

export interface QmpEvent {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export type QmpMessage =
  | { readonly kind: "greeting" }
  | { readonly kind: "return"; readonly id: number | undefined; readonly value: unknown }
  | {
      readonly kind: "error";
      readonly id: number | undefined;
      readonly class: string;
      readonly description: string;
    }
  | ({ readonly kind: "event" } & QmpEvent);

/** One command as a line (QEMU Machine Protocol specification, 2.3). */
export function encodeQmpCommand(
  id: number,
  command: string,
  args: Readonly<Record<string, unknown>>,
): string {
  return `${JSON.stringify({ execute: command, arguments: args, id })}\n`;
}

/** Splits QMP's stream into messages. Holds at most one incomplete line of {@link MAX_QMP_LINE} bytes. */
export class QmpDecoder {
  #pending: Buffer[] = [];
  #pendingBytes = 0;

  /** The messages completed by `chunk`. Raises `protocol` on a line too long, not JSON, or of an unknown shape. */
  push(chunk: Uint8Array): QmpMessage[] {
    const messages: QmpMessage[] = [];
    let rest = Buffer.from(chunk);
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
      this.#keep(rest.subarray(0, end));
      const line = Buffer.concat(this.#pending).toString("utf8").trim();
      this.#pending = [];
      this.#pendingBytes = 0;
      if (line !== "") messages.push(parseMessage(line));
      rest = rest.subarray(end + 1);
    }
    this.#keep(rest);
    return messages;
  }

  #keep(part: Buffer): void {
    this.#pendingBytes += part.length;
    if (this.#pendingBytes > MAX_QMP_LINE)
      throw new TswslError("protocol", `a QMP line exceeds ${MAX_QMP_LINE} bytes`);
    if (part.length > 0) this.#pending.push(part);
  }
}

function parseMessage(line: string): QmpMessage {
  const json = parseJson(line);
  if (v.is(Event, json)) {
    const { event, data } = v.parse(Event, json);
    return { kind: "event", name: event, data };
  }
  if (v.is(Failure, json)) {
    return { kind: "error", id: json.id, class: json.error.class, description: json.error.desc };
  }
  if (v.is(Return, json)) return { kind: "return", id: json.id, value: json.return };
  if (v.is(Greeting, json)) return { kind: "greeting" };
  throw new TswslError("protocol", `unexpected QMP message: ${line.slice(0, 200)}`);
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new TswslError("protocol", `QMP sent what is not JSON: ${line.slice(0, 200)}`, { cause: error });
  }
}
