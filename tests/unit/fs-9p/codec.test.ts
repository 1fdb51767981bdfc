import { describe, expect, test } from "vitest";
import { decodeDirectoryEntries, DirectoryEntryWriter } from "../../../src/fs-9p/codec/directory-entries.ts";
import {
  decodeMessage,
  encodeMessage,
  formatMessage,
  type MessageName,
  messages,
} from "../../../src/fs-9p/index.ts";
import { samples } from "./samples.ts";

// Object.keys widens the keys to string.
const names = Object.keys(messages) as MessageName[];
const encoded = (name: MessageName): Buffer => encodeMessage(name, 3, samples[name]);

test("every message has a number of its own, and an answer where it is a request", () => {
  const numbers = names.map((name) => messages[name].number);
  expect(new Set(numbers).size).toBe(names.length);
  for (const name of names.filter((name) => name.startsWith("T"))) {
    const answer = names.find((other) => other === `R${name.slice(1)}`);
    expect(answer && messages[answer].number).toBe(messages[name].number + 1);
  }
});

describe.each(names)("%s", (name) => {
  test("comes back as it was sent", () => {
    expect(decodeMessage(encoded(name))).toEqual({ name, tag: 3, body: samples[name] });
  });

  test("is refused when anything is missing or too much", () => {
    const bytes = encoded(name);
    for (let length = 0; length < bytes.length; length += 1) {
      const shorter = Buffer.from(bytes.subarray(0, length));
      if (length >= 4) shorter.writeUInt32LE(length, 0);
      expect(decodeMessage(shorter)).toBeUndefined();
    }
    const longer = Buffer.concat([bytes, Buffer.from([0])]);
    longer.writeUInt32LE(longer.length, 0);
    expect(decodeMessage(longer)).toBeUndefined();
  });
});

/** Bytes as Linux's client sends them (net/9p/client.c's formats), written down by hand. */
test.each([
  ["Tversion", "15000000 64 0300 00200000 0800 3950323030302e4c"],
  ["Twalk", "1e000000 6e 0300 01000000 02000000 0200 0300 657463 0600 706173737764"],
  ["Tread", "17000000 74 0300 01000000 0000000000010000 00100000"],
  ["Twrite", "1c000000 76 0300 01000000 0500000000000000 05000000 68656c6c6f"],
  ["Rlerror", "0b000000 07 0300 02000000"],
  ["Rattach", "14000000 69 0300 80 04030201 0b0a090807060500"],
  ["Tgetattr", "13000000 18 0300 01000000 ff3f000000000000"],
  ["Tunlinkat", "15000000 4c 0300 01000000 0400 676f6e65 00020000"],
] as const)("%s has the bytes of the protocol", (name, hex) => {
  const bytes = hex.replaceAll(" ", "");
  expect(encoded(name).toString("hex")).toBe(bytes);
  expect(decodeMessage(Buffer.from(bytes, "hex"))).toEqual({ name, tag: 3, body: samples[name] });
});

test("an unknown type is no message", () => {
  const bytes = encoded("Tclunk");
  bytes.writeUInt8(250, 4);
  expect(decodeMessage(bytes)).toBeUndefined();
});

test("a walk has no more than sixteen names", () => {
  const walk = (count: number): Buffer =>
    encodeMessage("Twalk", 1, { fid: 1, newfid: 2, names: Array.from({ length: count }, () => "a") });
  expect(decodeMessage(walk(16))).toBeDefined();
  expect(decodeMessage(walk(17))).toBeUndefined();
});

test("a payload is a view of the message, not a copy", () => {
  const bytes = encoded("Twrite");
  const data = decodeMessage(bytes)?.body["data"];
  expect(data instanceof Uint8Array && data.buffer === bytes.buffer).toBe(true);
});

test("a qid path beyond 2^53 keeps its low bits and stays exact as a number", () => {
  const bytes = encoded("Rattach");
  bytes.writeBigUInt64LE(0xfff0_0000_1234_5678n, 12);
  const qid = decodeMessage(bytes)?.body["qid"] as { path: number };
  expect(Number.isSafeInteger(qid.path)).toBe(true);
  expect(qid.path % 2 ** 32).toBe(0x1234_5678);
});

describe("the trace", () => {
  test.each([
    ["Twalk", "Twalk tag 3 fid 1 newfid 2 names [etc passwd]"],
    ["Rwalk", "Rwalk tag 3 qids [5060708090a0b.1020304.80 5060708090a0b.1020304.80]"],
    ["Twrite", "Twrite tag 3 fid 1 offset 5 data <5 bytes>"],
    ["Tsymlink", 'Tsymlink tag 3 dfid 1 name link target "../../etc" gid 0'],
    ["Treaddir", "Treaddir tag 3 fid 1 offset 18446744073709551615 count 4096"],
    ["Rclunk", "Rclunk tag 3"],
  ] as const)("of %s", (name, line) => {
    expect(formatMessage({ name, tag: 3, body: samples[name] })).toBe(line);
  });

  test("cannot be forged by a name", () => {
    const body = { fid: 1, newfid: 2, names: ["a\nTclunk tag 4", "b] c"] };
    expect(formatMessage({ name: "Twalk", tag: 3, body })).toBe(
      'Twalk tag 3 fid 1 newfid 2 names ["a\\nTclunk tag 4" "b] c"]',
    );
  });
});

describe("directory entries", () => {
  const qid = { type: 0, version: 1, path: 2 };

  test("come back, as many as fit", () => {
    const bytes = Buffer.alloc(55);
    const writer = new DirectoryEntryWriter(bytes);
    expect(writer.append({ qid, offset: 1, type: 8, name: "first" })).toBe(true);
    expect(writer.append({ qid, offset: 2, type: 4, name: "second" })).toBe(false);
    expect(writer.append({ qid, offset: 2, type: 4, name: "b" })).toBe(true);
    expect(decodeDirectoryEntries(bytes.subarray(0, writer.bytesWritten))).toEqual([
      { qid, offset: 1n, type: 8, name: "first" },
      { qid, offset: 2n, type: 4, name: "b" },
    ]);
  });

  test("that are cut off are refused", () => {
    const bytes = Buffer.alloc(60);
    const writer = new DirectoryEntryWriter(bytes);
    writer.append({ qid, offset: 1, type: 8, name: "first" });
    expect(decodeDirectoryEntries(bytes.subarray(0, writer.bytesWritten - 1))).toBeUndefined();
  });
});
