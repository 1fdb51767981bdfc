import { once } from "node:events";
import type { Duplex } from "node:stream";
import { describe, expect, test } from "vitest";
import { FrameConnection, type FrameConnectionOptions } from "../../../src/protocol/frame-channel.ts";
import {
  encodeFrame,
  encodeJsonFrame,
  encodeResize,
  encodeWindow,
  FrameDecoder,
  FrameType,
  INITIAL_CREDIT,
} from "../../../src/protocol/frames.ts";
import { pieces, randomBytes, readAll, settle } from "../../support/bytes.ts";
import { duplexPair } from "../../support/duplex-pair.ts";
import { seededRandom } from "../../support/random.ts";
import { rejection } from "../../support/rejection.ts";

const MIB = 1024 * 1024;
const { stdin, stdout, stderr } = FrameType;
const limit = (): AbortSignal => AbortSignal.timeout(8000);

const asClient: FrameConnectionOptions = { sends: [stdin], receives: [stdout, stderr] };
const asServer: FrameConnectionOptions = { sends: [stdout, stderr], receives: [stdin] };

function pair(server: Partial<FrameConnectionOptions> = {}, client: Partial<FrameConnectionOptions> = {}) {
  const [left, right] = duplexPair();
  return {
    client: new FrameConnection(left, { ...asClient, ...client }),
    server: new FrameConnection(right, { ...asServer, ...server }),
  };
}

/** A client whose peer is the test itself. */
function rawServer(): { client: FrameConnection; wire: Duplex } {
  const [left, wire] = duplexPair();
  wire.once("end", () => wire.end());
  return { client: new FrameConnection(left, asClient), wire };
}

const exit = (kind: number, value: number): Buffer => encodeFrame(FrameType.exit, Buffer.from([kind, value]));

test("a command's three channels, its exit, and then both sides close", async () => {
  const { client, server } = pair();
  const input = randomBytes(5 * MIB, 1);
  const output = randomBytes(4 * MIB, 2);
  client.writable(stdin).end(input);
  server.writable(stdout).end(output);
  server.writable(stderr).end("warning");
  const [got, out, err] = await Promise.all([
    readAll(server.readable(stdin)),
    readAll(client.readable(stdout)),
    readAll(client.readable(stderr)),
  ]);
  expect([got.equals(input), out.equals(output), err.toString()]).toEqual([true, true, "warning"]);
  await server.send(exit(0, 37), limit());
  expect(await client.outcome).toEqual({ kind: "status", value: 37 });
  await expect(server.outcome).rejects.toMatchObject({ code: "disconnected" });
});

test("events arrive with their values", async () => {
  const seen: unknown[] = [];
  const { client, server } = pair(
    { onResize: (rows, columns) => seen.push([rows, columns]), onSignal: (signal) => seen.push(signal) },
    { onProgress: (report) => seen.push(report) },
  );
  await client.send(encodeResize(24, 80), limit());
  await client.send(encodeFrame(FrameType.signal, Buffer.from([2])), limit());
  await settle();
  await server.send(encodeJsonFrame(FrameType.progress, { phase: "Starting", done: 1 }), limit());
  await server.send(exit(1, 9), limit());
  expect(await client.outcome).toEqual({ kind: "signal", value: 9 });
  expect(seen).toEqual([[24, 80], 2, { phase: "Starting", done: 1 }]);
});

test("an error frame rejects the outcome with the peer's error, cleaned for the terminal", async () => {
  const { client, server } = pair();
  const wire = { code: "not-found", message: "no user \u001b[2J'bob'", hint: "Try root." };
  await server.send(encodeJsonFrame(FrameType.error, wire), limit());
  await expect(client.outcome).rejects.toMatchObject({
    code: "not-found",
    message: "no user \uFFFD[2J'bob'",
    hint: "Try root.",
  });
  expect(await readAll(client.readable(stdout))).toHaveLength(0);
});

describe("credit", () => {
  test("a sender stops after the initial credit and goes on with what it is given", async () => {
    const { client, wire } = rawServer();
    const received: Buffer[] = [];
    const decoder = new FrameDecoder();
    wire.on("data", (chunk: Buffer) => received.push(...decoder.push(chunk).map(({ payload }) => payload)));
    const total = (): number => received.reduce((sum, { length }) => sum + length, 0);
    const bytes = randomBytes(2 * MIB);
    client.writable(stdin).end(bytes);
    await settle(200);
    expect(total()).toBe(INITIAL_CREDIT);
    wire.write(encodeWindow(stdin, 5));
    await settle(50);
    expect(total()).toBe(INITIAL_CREDIT + 5);
    wire.write(encodeWindow(stdin, MIB));
    await settle(200);
    expect(Buffer.concat(received).equals(bytes)).toBe(true);
    // The end of file needs no credit.
    expect(received.at(-1)).toHaveLength(0);
    wire.destroy();
  });

  test("credit is given back as the reader takes the bytes, in portions of 256 KiB", async () => {
    const { client, wire } = rawServer();
    const windows: number[] = [];
    const decoder = new FrameDecoder();
    wire.on("data", (chunk: Buffer) => {
      for (const { payload } of decoder.push(chunk)) windows.push(payload.readUInt32BE(1));
    });
    for (let sent = 0; sent < INITIAL_CREDIT; sent += 65_536)
      wire.write(encodeFrame(stdout, randomBytes(65_536)));
    await settle(100);
    expect(windows).toEqual([]);
    client.readable(stdout).resume();
    await settle(100);
    const returned = windows.reduce((sum, bytes) => sum + bytes, 0);
    // The last portion is only due when the reader asks again.
    expect(returned).toBeGreaterThanOrEqual(INITIAL_CREDIT - 256 * 1024);
    expect(returned).toBeLessThanOrEqual(INITIAL_CREDIT);
    expect(Math.min(...windows)).toBeGreaterThanOrEqual(256 * 1024);
    wire.destroy();
  });

  test("a stdout that nobody reads does not hold up stderr, nor the exit", async () => {
    const { client, server } = pair();
    server.writable(stdout).write(randomBytes(3 * MIB));
    await settle(100);
    server.writable(stderr).end(randomBytes(2 * MIB, 9));
    expect((await readAll(client.readable(stderr))).equals(randomBytes(2 * MIB, 9))).toBe(true);
    await server.send(exit(0, 0), limit());
    expect(await client.outcome).toEqual({ kind: "status", value: 0 });
    expect(await readAll(client.readable(stdout))).toHaveLength(INITIAL_CREDIT);
  });
});

describe("a violation fails the connection", () => {
  test.each([
    ["stdin sent by the server", encodeFrame(stdin, Buffer.from("x")), "channel 2 does not exist"],
    ["credit for a channel we do not send on", encodeWindow(stdout, 1), "channel 3 does not exist"],
    [
      "more than the credit",
      Buffer.concat(Array.from({ length: 17 }, () => encodeFrame(stdout, Buffer.alloc(65_536)))),
      "exceeds its credit",
    ],
    ["credit beyond 32 bits", encodeWindow(stdin, 0xffff_ffff), "credit overflow"],
    [
      "data after the end of file",
      Buffer.concat([encodeFrame(stdout), encodeFrame(stdout)]),
      "after the end",
    ],
    ["a second header", encodeJsonFrame(FrameType.header, {}), "channel 1 does not exist"],
    ["signal 0", encodeFrame(FrameType.signal, Buffer.from([0])), "no signal 0"],
    ["an exit of kind 2", exit(2, 0), "cannot end in way 2"],
    ["an error that is none", encodeJsonFrame(FrameType.error, "x"), "unknown form"],
    ["an unknown type", Buffer.from("ff000000", "hex"), "unknown frame type 255"],
  ])("%s", async (_, bytes, message) => {
    const { client, wire } = rawServer();
    wire.resume();
    const closed = once(wire, "close", { signal: limit() });
    wire.write(bytes);
    const violation = { code: "protocol", message: expect.stringContaining(message) };
    await expect(client.outcome).rejects.toMatchObject(violation);
    await closed;
  });

  test("a frame after the last one closes the stream, and the outcome stands", async () => {
    const { client, wire } = rawServer();
    const closed = once(wire, "close", { signal: limit() });
    wire.write(Buffer.concat([exit(0, 3), encodeFrame(stdout, Buffer.from("late"))]));
    expect(await client.outcome).toEqual({ kind: "status", value: 3 });
    await closed;
  });
});

test("a stream that ends without an exit fails what is still open, and keeps what was complete", async () => {
  const { client, wire } = rawServer();
  wire.resume();
  wire.write(
    Buffer.concat([
      encodeFrame(stderr, Buffer.from("all")),
      encodeFrame(stderr),
      encodeFrame(stdout, Buffer.from("part")),
    ]),
  );
  await settle();
  wire.destroy();
  await expect(client.outcome).rejects.toMatchObject({ code: "disconnected" });
  expect((await readAll(client.readable(stderr))).toString()).toBe("all");
  expect(client.readable(stdout).errored).toMatchObject({ code: "disconnected" });
  await expect(client.send(encodeResize(1, 1), limit())).rejects.toMatchObject({ code: "disconnected" });
});

test("sending to a peer that does not read waits, and is cancelled with its caller", async () => {
  const { client } = rawServer();
  const abort = new AbortController();
  const frame = encodeJsonFrame(FrameType.progress, { phase: "x".repeat(200_000) });
  const sending = rejection(client.send(frame, abort.signal));
  await settle();
  abort.abort();
  expect(await sending).toMatchObject({ code: "cancelled" });
  client.destroy();
});

test("random frames never hang, crash or raise anything but the declared errors", async () => {
  const random = seededRandom(41);
  const codes = new Set<string>();
  for (let round = 0; round < 150; round += 1) {
    const { client, wire } = rawServer();
    wire.resume();
    client.readable(stdout).resume();
    const frames = Array.from({ length: 30 }, () => {
      const type = 1 + Math.floor(random() * 10.2);
      // Sizes that the decoder accepts, mostly: the connection behind it is what is tried here.
      const size = [0, 20, 10, 300, 300, 5, 4, 1, 2, 12, 12, 0][type] ?? 0;
      const payload = randomBytes(size, round);
      if (type === FrameType.window) payload.writeUInt8(2 + Math.floor(random() * 3), 0);
      // Fuzz: any number is sent as a type.
      return encodeFrame(type as FrameType, payload);
    }).filter(() => random() < 0.3);
    for (const piece of pieces(Buffer.concat(frames), random, 100)) wire.write(piece);
    wire.end();
    const outcome = await client.outcome.catch((error: { code: string }) => error);
    codes.add("code" in outcome ? outcome.code : outcome.kind);
  }
  expect(
    [...codes].filter((code) => !["protocol", "disconnected", "status", "signal"].includes(code)),
  ).toEqual([]);
  expect(codes).toContain("protocol");
});
