import { describe, expect, test } from "vitest";
import { isTswslError } from "../../../../src/base/errors.ts";
import {
  encodeQmpCommand,
  MAX_QMP_LINE,
  QmpDecoder,
  type QmpMessage,
} from "../../../../src/vm/qemu/qmp-codec.ts";
import { seededRandom } from "../../../support/random.ts";

/** A conversation as QEMU 7.2 has it. */
const conversation = [
  '{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": "Debian"}, "capabilities": ["oob"]}}',
  '{"return": {}, "id": 1}',
  '{"timestamp": {"seconds": 1, "microseconds": 2}, "event": "SHUTDOWN", "data": {"guest": true, "reason": "guest-reset"}}',
  '{"timestamp": {"seconds": 1, "microseconds": 2}, "event": "STOP"}',
  '{"id": 2, "error": {"class": "GenericError", "desc": "Duplicate nodes with node-name=\'a\'"}}',
  '{"return": [], "id": 3}',
];
const expected: QmpMessage[] = [
  { kind: "greeting" },
  { kind: "return", id: 1, value: {} },
  { kind: "event", name: "SHUTDOWN", data: { guest: true, reason: "guest-reset" } },
  { kind: "event", name: "STOP", data: {} },
  { kind: "error", id: 2, class: "GenericError", description: "Duplicate nodes with node-name='a'" },
  { kind: "return", id: 3, value: [] },
];
const bytes = Buffer.from(`${conversation.join("\r\n")}\r\n`);

describe("the QMP decoder", () => {
  test("reads a conversation", () => {
    expect(new QmpDecoder().push(bytes)).toEqual(expected);
  });

  test("reads it the same however it is cut", () => {
    const random = seededRandom(7);
    for (let round = 0; round < 50; round++) {
      const decoder = new QmpDecoder();
      const messages: QmpMessage[] = [];
      for (let at = 0; at < bytes.length;) {
        const length = 1 + Math.floor(random() * 90);
        messages.push(...decoder.push(bytes.subarray(at, at + length)));
        at += length;
      }
      expect(messages).toEqual(expected);
    }
  });

  test.each(["hello", "[]", "null", '{"foo": 1}', '{"event": 5}', '{"error": "text", "id": 1}'])(
    "refuses %s",
    (line) => {
      expect(() => new QmpDecoder().push(Buffer.from(`${line}\n`))).toThrow(
        expect.objectContaining({ code: "protocol" }),
      );
    },
  );

  test("a line without end is refused before it fills the memory", () => {
    const decoder = new QmpDecoder();
    const chunk = Buffer.alloc(MAX_QMP_LINE / 4, 0x20);
    for (let count = 0; count < 4; count++) decoder.push(chunk);
    expect(() => decoder.push(chunk)).toThrow(expect.objectContaining({ code: "protocol" }));
  });

  test("damaged input gives messages or a protocol error, never anything else", () => {
    const random = seededRandom(42);
    for (let round = 0; round < 2000; round++) {
      const damaged = Buffer.from(bytes);
      for (let hits = 0; hits < 1 + (round % 8); hits++) {
        damaged[Math.floor(random() * damaged.length)] = Math.floor(random() * 256);
      }
      let failure: unknown;
      try {
        new QmpDecoder().push(damaged);
      } catch (error) {
        failure = error;
      }
      expect(failure === undefined || isTswslError(failure, "protocol")).toBe(true);
    }
  });
});

test("a command is one line of JSON", () => {
  const line = encodeQmpCommand(4, "device_del", { id: "a\nb" });
  expect(line.indexOf("\n")).toBe(line.length - 1);
  expect(JSON.parse(line)).toEqual({ execute: "device_del", arguments: { id: "a\nb" }, id: 4 });
});
