import { describe, expect, test } from "vitest";
import { resultErrorSentences } from "../../../../src/vm/hcs/result-error.ts";
import { seededRandom } from "../../../support/random.ts";

describe("a ResultError document", () => {
  test("gives its message and those of its events, once each", () => {
    const document = {
      Error: -2143878899,
      ErrorMessage: "Invalid.",
      Attribution: [{ OperationFailure: { Detail: "Invoke" } }],
      ErrorEvents: [{ Message: "First\r\n  line." }, { EventId: 3 }, { Message: "Invalid" }, null],
    };
    expect(resultErrorSentences(JSON.stringify(document))).toEqual(["Invalid", "First line"]);
  });

  test("of HCN gives its one sentence", () => {
    const record = { Success: false, Error: "The network was not found. ", ErrorCode: 2151350273 };
    expect(resultErrorSentences(JSON.stringify(record))).toEqual(["The network was not found"]);
  });

  test.each([null, undefined, "", "null", "5", "[]", "{", '"text"', '{"ErrorMessage":7,"ErrorEvents":{}}'])(
    "that is none (%s) says nothing",
    (document) => {
      expect(resultErrorSentences(document)).toEqual([]);
    },
  );

  test("of any size gives a bounded answer", () => {
    const events = Array.from({ length: 1000 }, (_, index) => ({ Message: `${index}${"x".repeat(90)}` }));
    const many = resultErrorSentences(JSON.stringify({ ErrorEvents: events }));
    expect(many).toHaveLength(8);
    const [long] = resultErrorSentences(JSON.stringify({ ErrorMessage: "y".repeat(100_000) }));
    expect(long).toHaveLength(400);
    expect(resultErrorSentences(JSON.stringify({ ErrorMessage: "z".repeat(1_000_000) }))).toEqual([]);
  });

  test("however damaged gives short lines", () => {
    const text = JSON.stringify({
      Error: -1,
      ErrorMessage: "A sentence.\r\n",
      ErrorEvents: [{ Message: "Another", Data: [{ Type: "String", Value: "v" }] }],
      Success: false,
    });
    const random = seededRandom(11);
    const pieces = [
      '"',
      "{",
      "}",
      "[",
      "]",
      ":",
      ",",
      "null",
      "\\u0000",
      "ErrorEvents",
      "Message",
      "1e999",
      "\u001b",
    ];
    for (let round = 0; round < 3000; round++) {
      let damaged = text;
      for (let hits = 0; hits < 1 + (round % 5); hits++) {
        const at = Math.floor(random() * damaged.length);
        const piece = pieces[Math.floor(random() * pieces.length)] ?? "";
        damaged = damaged.slice(0, at) + piece + damaged.slice(at + Math.floor(random() * 8));
      }
      for (const sentence of resultErrorSentences(damaged)) {
        expect(sentence.length).toBeLessThanOrEqual(400);
        expect(sentence).not.toMatch(/[\r\n]/);
      }
    }
  });
});
