import { once } from "node:events";
import type { Duplex } from "node:stream";
import { finished } from "node:stream/promises";
import { expect, test } from "vitest";
import * as v from "valibot";
import { TswslError } from "../../../src/base/errors.ts";
import { FrameConnection } from "../../../src/protocol/frame-channel.ts";
import { readHeader } from "../../../src/protocol/frame-header.ts";
import { encodeFrame, encodeJsonFrame, FrameType } from "../../../src/protocol/frames.ts";
import { splice } from "../../../src/protocol/splice.ts";
import { randomBytes, readAll, settle } from "../../support/bytes.ts";
import { duplexPair, unixSocketPair } from "../../support/duplex-pair.ts";
import { rejection } from "../../support/rejection.ts";

const MIB = 1024 * 1024;
const limit = (): AbortSignal => AbortSignal.timeout(8000);
const died = new TswslError("disconnected", "the virtual machine died", { hint: "look" });
const options = { signal: new AbortController().signal, explain: async () => died };

const exit = encodeFrame(FrameType.exit, Buffer.of(0, 7));
const output = (bytes: Buffer): Buffer => {
  const frames: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 65_536)
    frames.push(encodeFrame(FrameType.stdout, bytes.subarray(at, at + 65_536)));
  return Buffer.concat(frames);
};

/** The client's end of a connection, as the CLI has it. */
function asClient(stream: Duplex): { outcome: Promise<unknown>; stdout: Promise<Buffer> } {
  const connection = new FrameConnection(stream, { sends: [], receives: [FrameType.stdout] });
  const stdout = readAll(connection.readable(FrameType.stdout));
  stdout.catch(() => undefined);
  return { outcome: connection.outcome, stdout };
}

test("bytes pass both ways, and after the last frame each half ends", async () => {
  const [client, left] = await unixSocketPair();
  const [right, guest] = duplexPair();
  const spliced = splice(left, right, options);
  const question = randomBytes(5 * MIB, 1);
  const answer = Buffer.concat([output(randomBytes(5 * MIB, 2)), exit]);
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
  const spliced = splice(left, right, options);
  client.end("late");
  expect((await readAll(guest)).toString()).toBe("early late");
  guest.end(exit);
  client.resume();
  await spliced;
});

test("a client that breaks takes the guest's stream with it", async () => {
  const [client, left] = duplexPair();
  const [right, guest] = duplexPair();
  const spliced = rejection(splice(left, right, options));
  client.destroy();
  expect(await spliced).toMatchObject({ code: "disconnected", message: /client/ });
  await settle();
  expect([left.destroyed, right.destroyed, guest.destroyed]).toEqual([true, true, true]);
});

test("a client that has gone is told nothing when its command is hung up", async () => {
  const [client, left] = await unixSocketPair();
  const [right, guest] = duplexPair();
  const spliced = rejection(splice(left, right, options));
  client.end();
  await readAll(guest);
  guest.destroy();
  expect(await spliced).toMatchObject({ message: /client/ });
});

test.each([
  ["ends", (guest: Duplex) => guest.end()],
  ["breaks", (guest: Duplex) => guest.destroy()],
])("a guest's stream that %s too early is explained to the client, after what it sent", async (_, end) => {
  const [socket, left] = await unixSocketPair();
  const client = asClient(socket);
  const [right, guest] = duplexPair();
  const spliced = rejection(splice(left, right, options));
  const sent = output(Buffer.from("whole"));
  guest.write(Buffer.concat([sent, output(Buffer.from("cut")).subarray(0, 6)]));
  await once(right, "data");
  await settle();
  end(guest);
  expect(await rejection(client.outcome)).toMatchObject({
    code: "disconnected",
    message: died.message,
    hint: died.hint,
  });
  expect((await client.stdout).toString()).toBe("whole");
  expect(await spliced).toBe(died);
});

test("a guest that breaks the protocol is cut off, and the client is told", async () => {
  const [socket, left] = await unixSocketPair();
  const client = asClient(socket);
  const [right, guest] = duplexPair();
  const explain = async (cause: TswslError): Promise<TswslError> => cause;
  const spliced = rejection(splice(left, right, { ...options, explain }));
  guest.write(Buffer.of(0x7f, 0, 0, 0));
  expect(await rejection(client.outcome)).toMatchObject({ code: "protocol" });
  expect(await spliced).toMatchObject({ code: "protocol" });
  expect(right.destroyed).toBe(true);
});

test("the signal ends both sides, and its reason is what is explained", async () => {
  const [socket, left] = await unixSocketPair();
  const client = asClient(socket);
  const [right] = duplexPair();
  const abort = new AbortController();
  const explain = async (cause: TswslError): Promise<TswslError> => cause;
  const spliced = rejection(splice(left, right, { signal: abort.signal, explain }));
  abort.abort(new TswslError("timeout", "silence"));
  expect(await rejection(client.outcome)).toMatchObject({ code: "timeout", message: "silence" });
  expect(await spliced).toMatchObject({ code: "timeout" });
  expect(right.destroyed).toBe(true);
});

test("a reader that stops stops the writer", async () => {
  const [client, left] = duplexPair();
  const [right, guest] = duplexPair();
  const spliced = rejection(splice(left, right, options));
  const frame = output(Buffer.alloc(65_536));
  let accepted = 0;
  while (accepted < 64 * MIB && !guest.writableNeedDrain) {
    guest.write(frame);
    accepted += frame.length;
    await settle(3);
  }
  expect(accepted).toBeLessThan(8 * MIB);
  client.destroy();
  expect(await spliced).toMatchObject({ code: "disconnected" });
});

test("a writer to a guest that does not read is stopped", async () => {
  const [client, left] = duplexPair();
  const [right, guest] = duplexPair();
  const spliced = rejection(splice(left, right, options));
  let accepted = 0;
  while (accepted < 64 * MIB && !client.writableNeedDrain) {
    client.write(Buffer.alloc(65_536));
    accepted += 65_536;
    await settle(3);
  }
  expect(accepted).toBeLessThan(8 * MIB);
  client.destroy();
  guest.destroy();
  expect(await spliced).toMatchObject({ code: "disconnected" });
});
