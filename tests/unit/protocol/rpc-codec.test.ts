import { describe, expect, test } from "vitest";
import { isTswslError } from "../../../src/base/errors.ts";
import {
  encodeMessage,
  MAX_MESSAGE_BYTES,
  MAX_MESSAGE_HEADER_BYTES,
  MessageDecoder,
} from "../../../src/protocol/rpc-codec.ts";
import { pieces, randomBytes } from "../../support/bytes.ts";
import { seededRandom } from "../../support/random.ts";

const text = (bodies: Buffer[]): string[] => bodies.map(String);

test("messages survive any split, also empty ones and those with other headers", () => {
  const random = seededRandom(2);
  const bodies = ["{}", "", '{"a":"ü"}', "x".repeat(5000)];
  const all = Buffer.concat([
    ...bodies.map((body) => encodeMessage(Buffer.from(body))),
    Buffer.from("Content-Type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length:2 \r\n\r\n[]"),
  ]);
  for (const largest of [1, 3, 50, 10_000]) {
    const decoder = new MessageDecoder();
    expect(text(pieces(all, random, largest).flatMap((piece) => decoder.push(piece)))).toEqual([
      ...bodies,
      "[]",
    ]);
  }
});

test("an empty message at the end of a chunk is not held back", () => {
  expect(text(new MessageDecoder().push(encodeMessage(Buffer.alloc(0))))).toEqual([""]);
});

describe("refused before anything is allocated", () => {
  test.each([
    ["10 GB", "Content-Length: 10000000000\r\n\r\n", "exceeds"],
    ["one byte too many", `Content-Length: ${MAX_MESSAGE_BYTES + 1}\r\n\r\n`, "exceeds"],
    ["a negative length", "Content-Length: -1\r\n\r\n", "no Content-Length"],
    [
      "a length with more digits than any number",
      `Content-Length: ${"9".repeat(400)}\r\n\r\n`,
      "no Content-Length",
    ],
    ["no length", "Content-Type: x\r\n\r\n", "no Content-Length"],
    ["an empty header", "\r\n\r\n", "no Content-Length"],
    ["a header without end", "x".repeat(MAX_MESSAGE_HEADER_BYTES), "has no end"],
  ])("%s", (_, header, message) => {
    expect(() => new MessageDecoder().push(Buffer.from(header))).toThrow(
      expect.objectContaining({ code: "protocol", message: expect.stringContaining(message) }),
    );
  });
});

test("random bytes end in a protocol error or in waiting for more", () => {
  const random = seededRandom(13);
  const failures: unknown[] = [];
  for (let round = 0; round < 500; round += 1) {
    const decoder = new MessageDecoder();
    const noise = randomBytes(700, round);
    const length = Math.floor(random() * 100);
    const start = round % 2 ? `Content-Length: ${length}\r\n\r\n` : "Content-";
    try {
      for (const piece of pieces(Buffer.concat([Buffer.from(start), noise]), random, 90)) decoder.push(piece);
    } catch (error) {
      failures.push(error);
    }
  }
  expect(failures.filter((error) => !isTswslError(error, "protocol"))).toEqual([]);
  expect(failures.length).toBe(500);
});
