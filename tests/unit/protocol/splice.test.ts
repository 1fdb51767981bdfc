import { finished } from "node:stream/promises";
import { expect, test } from "vitest";
import * as v from "valibot";
import { readHeader } from "../../../src/protocol/frame-header.ts";
import { encodeJsonFrame, FrameType } from "../../../src/protocol/frames.ts";
import { splice } from "../../../src/protocol/splice.ts";
import { randomBytes, readAll, settle } from "../../support/bytes.ts";
import { duplexPair, unixSocketPair } from "../../support/duplex-pair.ts";
import { rejection } from "../../support/rejection.ts";

const MIB = 1024 * 1024;
const never = new AbortController().signal;
const limit = (): AbortSignal => AbortSignal.timeout(8000);

test("bytes pass both ways, each half ends on its own, and the splice ends with the last", async () => {
  const [client, left] = await unixSocketPair();
  const [right, guest] = duplexPair();
  const spliced = splice(left, right, never);
  const question = randomBytes(5 * MIB, 1);
  const answer = randomBytes(5 * MIB, 2);
  client.end(question);
  expect((await readAll(guest)).equals(question)).toBe(true);
  guest.end(answer);
  expect((await readAll(client)).equals(answer)).toBe(true);
  await spliced;
  await Promise.all([finished(client), finished(left), finished(right), finished(guest)]);
});

test("what was left in a stream after its header is passed on first", async () => {
  const [client, left] = await unixSocketPair();
  const [right, guest] = duplexPair();
  client.write(Buffer.concat([encodeJsonFrame(FrameType.header, {}), Buffer.from("early ")]));
  await readHeader(left, v.unknown(), limit());
  const spliced = splice(left, right, never);
  client.end("late");
  expect((await readAll(guest)).toString()).toBe("early late");
  guest.end();
  client.resume();
  await spliced;
});

test("a side that breaks takes the other with it", async () => {
  const [client, left] = duplexPair();
  const [right, guest] = duplexPair();
  const spliced = rejection(splice(left, right, never));
  client.destroy();
  expect(await spliced).toMatchObject({ code: "disconnected" });
  await settle();
  expect([left.destroyed, right.destroyed, guest.destroyed]).toEqual([true, true, true]);
});

test("the signal ends both sides", async () => {
  const [, left] = duplexPair();
  const [right] = duplexPair();
  const abort = new AbortController();
  const spliced = rejection(splice(left, right, abort.signal));
  abort.abort();
  expect(await spliced).toMatchObject({ code: "cancelled" });
  expect([left.destroyed, right.destroyed]).toEqual([true, true]);
});

test("a reader that stops stops the writer", async () => {
  const [client, left] = duplexPair();
  const [right, guest] = duplexPair();
  const spliced = rejection(splice(left, right, never));
  let accepted = 0;
  while (accepted < 64 * MIB && !client.writableNeedDrain) {
    client.write(Buffer.alloc(65_536));
    accepted += 65_536;
    await settle(3);
  }
  expect(accepted).toBeLessThan(8 * MIB);
  guest.destroy();
  expect(await spliced).toMatchObject({ code: "disconnected" });
});
