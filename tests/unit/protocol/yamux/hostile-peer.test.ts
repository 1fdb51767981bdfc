import { describe, expect, test } from "vitest";
import { encodeHeader, type YamuxHeader } from "../../../../src/protocol/yamux/codec.ts";
import { pieces, randomBytes, settle } from "../../../support/bytes.ts";
import { seededRandom } from "../../../support/random.ts";
import { closingError, RawPeer } from "./pair.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const syn: YamuxHeader = { type: 1, flags: 1, streamId: 1, length: 0 };

const violation = (message: string): object => ({
  code: "protocol",
  message: expect.stringContaining(message),
});

describe("a violation ends the session with a go away", () => {
  test.each<[string, YamuxHeader[], string]>([
    [
      "data beyond the window",
      [syn, { type: 0, flags: 0, streamId: 1, length: 4 * MIB + 1 }],
      "exceeds its window",
    ],
    [
      "data on a stream nobody opened",
      [{ type: 0, flags: 0, streamId: 1, length: 5 }],
      "which nobody opened",
    ],
    [
      "a frame for a stream of ours that is not open",
      [{ type: 1, flags: 0, streamId: 2, length: 5 }],
      "nobody opened",
    ],
    ["a stream with an id of ours", [{ ...syn, streamId: 2 }], "cannot open stream 2"],
    ["a stream opened twice", [syn, syn], "opened twice"],
    ["a second end", [syn, { ...syn, flags: 4 }, { ...syn, flags: 4 }], "ended twice"],
    [
      "data after the end",
      [syn, { ...syn, flags: 4 }, { ...syn, type: 0, flags: 0, length: 1 }],
      "after the end",
    ],
    [
      "a send window beyond 32 bits",
      [syn, { ...syn, flags: 0, length: 0xffff_ffff }, { ...syn, flags: 0, length: 0xffff_ffff }],
      "window overflow",
    ],
  ])("%s", async (_, frames, message) => {
    const peer = new RawPeer("server");
    const goAway = (async () => {
      for (;;) {
        const { header } = await peer.receive();
        if (header.type !== 3) continue;
        peer.wire.resume();
        return header.length;
      }
    })();
    for (const frame of frames) peer.send(frame);
    expect(await peer.session.closed).toMatchObject(violation(message));
    expect(await goAway).toBe(1);
    for (const stream of peer.accepted)
      expect(await closingError(stream)).toMatchObject({ code: "protocol" });
  });
});

test("a window is spent by small frames as by large ones", async () => {
  const peer = new RawPeer("server");
  peer.send(syn);
  peer.wire.resume();
  const body = randomBytes(64 * KIB);
  for (let sent = 0; sent <= 4 * MIB; sent += body.length)
    peer.send({ ...syn, type: 0, flags: 0, length: body.length }, body);
  expect(await peer.session.closed).toMatchObject(violation("exceeds its window"));
});

test("a window full of one-byte frames costs about as much memory as its bytes", async () => {
  const peer = new RawPeer("server");
  peer.send(syn);
  peer.wire.resume();
  const frame = Buffer.concat([encodeHeader({ ...syn, type: 0, flags: 0, length: 1 }), Buffer.from("x")]);
  const flood = Buffer.concat(Array.from({ length: 5000 }, () => frame));
  for (let round = 0; round < 20; round += 1) {
    // Each write is a read buffer of its own at the other side, of which one byte in 13 is data.
    peer.wire.write(Buffer.from(flood));
    await settle(3);
  }
  const [stream] = peer.accepted;
  const chunks: Buffer[] = [];
  for (let chunk: unknown = stream?.read(); chunk !== null && chunk !== undefined; chunk = stream?.read()) {
    // A stream without encoding yields buffers.
    chunks.push(chunk as Buffer);
  }
  expect(Buffer.concat(chunks)).toEqual(Buffer.alloc(100_000, "x"));
  const kept = new Set(chunks.map((chunk) => chunk.buffer));
  expect([...kept].reduce((sum, { byteLength }) => sum + byteLength, 0)).toBeLessThan(500_000);
  await peer.session.close();
});

test("a flood of pings whose answers are not read ends the session", async () => {
  const peer = new RawPeer("server");
  const pings = Buffer.concat(
    Array.from({ length: 4000 }, () => encodeHeader({ type: 2, flags: 1, streamId: 0, length: 7 })),
  );
  for (let round = 0; round < 100; round += 1) {
    peer.wire.write(pings);
    await settle(1);
  }
  expect(await peer.session.closed).toMatchObject({ code: "protocol" });
});

test("answers to pings nobody sent, and go aways with a reason, are taken for what they are", async () => {
  const peer = new RawPeer("client");
  peer.send({ type: 2, flags: 2, streamId: 0, length: 99 });
  peer.send({ type: 3, flags: 0, streamId: 0, length: 2 });
  expect(await peer.session.closed).toMatchObject({
    code: "disconnected",
    message: expect.stringContaining("reason 2"),
  });
});

test("late frames for a stream that we reset are dropped", async () => {
  const peer = new RawPeer("client");
  const stream = peer.session.open();
  expect((await peer.receive()).header).toMatchObject({ type: 1, flags: 1, streamId: 1 });
  stream.destroy();
  expect((await peer.receive()).header).toMatchObject({ type: 1, flags: 8, streamId: 1 });
  peer.send({ type: 0, flags: 2, streamId: 1, length: 5 }, Buffer.from("later"));
  peer.send({ type: 1, flags: 4, streamId: 1, length: 0 });
  peer.send({ type: 2, flags: 1, streamId: 0, length: 42 });
  expect((await peer.receive()).header).toEqual({ type: 2, flags: 2, streamId: 0, length: 42 });
  peer.wire.resume();
  await peer.session.close();
});

test("random frames never hang, crash or raise anything but protocol and disconnected", async () => {
  const random = seededRandom(23);
  const pick = (...values: number[]): number => values[Math.floor(random() * values.length)] ?? 0;
  let violations = 0;
  for (let round = 0; round < 150; round += 1) {
    const peer = new RawPeer(round % 2 === 0 ? "client" : "server", 8);
    peer.wire.resume();
    if (round % 2 === 0) peer.session.open().write("hello");
    const frames = Array.from({ length: 40 }, () => {
      const type = pick(0, 0, 1, 1, 2, 3);
      const length = pick(0, 1, 5, 300, 0, 3_932_160, 0xffff_ffff);
      const streamId = random() < 0.02 ? pick(0, 999) : type >= 2 ? 0 : pick(1, 1, 2, 3, 4, 5);
      // The fuzz is about valid and invalid headers alike.
      const header = {
        type: type as YamuxHeader["type"],
        flags: pick(0, 0, 1, 1, 2, 4, 5, 8),
        streamId,
        length,
      };
      const body = type === 0 ? randomBytes(Math.min(length, 400), round) : Buffer.alloc(0);
      return Buffer.concat([encodeHeader(header), body]);
    });
    for (const piece of pieces(Buffer.concat(frames), random, 700)) peer.wire.write(piece);
    await settle(2);
    for (const stream of peer.accepted.slice(0, 2)) stream.resume();
    peer.wire.end();
    const reason = await peer.session.closed;
    expect(["protocol", "disconnected"]).toContain(reason?.code);
    if (reason?.code === "protocol") violations += 1;
    expect(peer.session.streamCount).toBe(0);
  }
  expect(violations).toBeGreaterThan(50);
});
