import { once } from "node:events";
import { finished } from "node:stream/promises";
import { describe, expect, test } from "vitest";
import type { YamuxStream } from "../../../../src/protocol/yamux/stream.ts";
import { randomBytes, readAll, readBytes, settle } from "../../../support/bytes.ts";
import { closingError, limit, sessionPair } from "./pair.ts";
import { rejection } from "../../../support/rejection.ts";

const MIB = 1024 * 1024;

function only(accepted: readonly YamuxStream[]): YamuxStream {
  const [stream] = accepted;
  if (!stream || accepted.length !== 1) throw new Error(`${accepted.length} streams instead of one`);
  return stream;
}

test("64 streams at once carry their own bytes both ways and leave nothing behind", async () => {
  const { client, server, accepted } = sessionPair();
  const opened = Array.from({ length: 64 }, () => client.open());
  const sent = opened.map((_, index) => randomBytes(200_000 + index * 1000, index));
  await settle();
  for (const stream of accepted) stream.pipe(stream);
  const received = await Promise.all(
    opened.map(async (stream, index) => {
      stream.end(sent[index]);
      return await readAll(stream);
    }),
  );
  for (const [index, bytes] of received.entries())
    expect(bytes.equals(sent[index] ?? Buffer.alloc(0))).toBe(true);
  await Promise.all([...opened, ...accepted].map((stream) => finished(stream)));
  expect([client.streamCount, server.streamCount]).toEqual([0, 0]);
  await client.close();
});

test("ids are odd for the client and even for the server", async () => {
  const { client, server } = sessionPair();
  expect([client.open().id, client.open().id, server.open().id, server.open().id]).toEqual([1, 3, 2, 4]);
  await client.close();
});

test("a half that has ended leaves the other half open", async () => {
  const { client, accepted } = sessionPair();
  const stream = client.open();
  stream.end("question");
  await settle();
  const peer = only(accepted);
  expect((await readAll(peer)).toString()).toBe("question");
  expect(peer.writable).toBe(true);
  peer.end("answer");
  expect((await readAll(stream)).toString()).toBe("answer");
  await client.close();
});

describe("back-pressure", () => {
  test("a sender stops at the window of a reader that does not read, and goes on when it does", async () => {
    const { client, server, accepted } = sessionPair();
    const stream = client.open();
    const bytes = randomBytes(9 * MIB);
    let flushed = false;
    stream.end(bytes, () => {
      flushed = true;
    });
    await settle(200);
    const peer = only(accepted);
    expect(flushed).toBe(false);
    expect(server.streamCount).toBe(1);
    expect((await readAll(peer)).equals(bytes)).toBe(true);
    expect(flushed).toBe(true);
    await client.close();
  });

  test("a stalled stream does not hold up its neighbours", async () => {
    const { client, accepted } = sessionPair();
    client.open().write(randomBytes(9 * MIB));
    await settle(200);
    const lively = client.open();
    lively.end(randomBytes(2 * MIB, 3));
    await settle();
    const [, peer] = accepted;
    expect(peer && (await readAll(peer)).equals(randomBytes(2 * MIB, 3))).toBe(true);
    await client.close();
  });

  test("a slow reader in paused mode gets every byte", async () => {
    const { client, accepted } = sessionPair();
    const bytes = randomBytes(5 * MIB, 5);
    client.open().end(bytes);
    await settle();
    const peer = only(accepted);
    const got: Buffer[] = [];
    for (let left = bytes.length; left > 0;) {
      const part = await readBytes(peer, Math.min(left, 77_777));
      got.push(part);
      left -= part.length;
    }
    expect(Buffer.concat(got).equals(bytes)).toBe(true);
    await client.close();
  });
});

describe("reset", () => {
  test("destroying a stream raises disconnected at the peer and spares the session", async () => {
    const { client, accepted } = sessionPair();
    const stream = client.open();
    stream.write("x");
    await settle();
    stream.destroy();
    expect(await closingError(only(accepted))).toMatchObject({ code: "disconnected" });
    expect(await client.ping(limit())).toBeGreaterThanOrEqual(0);
    await client.close();
  });

  test("bytes under way to a stream that was reset are dropped", async () => {
    const { client, server, accepted } = sessionPair();
    const stream = client.open();
    await settle();
    const peer = only(accepted);
    stream.write(randomBytes(3 * MIB));
    peer.destroy();
    expect(await closingError(stream)).toMatchObject({ code: "disconnected" });
    expect(await client.ping(limit())).toBeGreaterThanOrEqual(0);
    expect([client.streamCount, server.streamCount]).toEqual([0, 0]);
    await client.close();
  });

  test("streams above the limit are reset, those below live", async () => {
    const { client, accepted } = sessionPair(2);
    const streams = [client.open(), client.open(), client.open()];
    expect(await closingError(streams[2] ?? client.open())).toMatchObject({ code: "disconnected" });
    expect(accepted.map(({ id }) => id)).toEqual([1, 3]);
    await client.close();
  });
});

describe("ping", () => {
  test("an aborted ping is cancelled at once", async () => {
    const { client } = sessionPair();
    const abort = new AbortController();
    const ping = client.ping(abort.signal);
    abort.abort();
    await expect(ping).rejects.toMatchObject({ code: "cancelled" });
    await client.close();
  });

  test("a ping in flight fails when the session ends", async () => {
    const { client, server } = sessionPair();
    const ping = rejection(client.ping(limit()));
    await Promise.all([client.close(), server.closed]);
    expect(await ping).toMatchObject({ code: "disconnected" });
  });
});

describe("the end", () => {
  test("go away refuses new streams and spares old ones", async () => {
    const { client, server, accepted } = sessionPair();
    const stream = client.open();
    await settle();
    server.goAway();
    await client.ping(limit());
    expect(() => client.open()).toThrow(expect.objectContaining({ code: "unavailable" }));
    only(accepted).end("still here");
    expect((await readAll(stream)).toString()).toBe("still here");
    await client.close();
  });

  test("close fails open streams on both sides with disconnected and resolves both sessions", async () => {
    const { client, server, accepted } = sessionPair();
    const stream = client.open();
    await settle();
    expect(await client.close()).toBeUndefined();
    expect(await server.closed).toMatchObject({ code: "disconnected" });
    expect(await closingError(stream)).toMatchObject({ code: "disconnected" });
    expect(await closingError(only(accepted))).toMatchObject({ code: "disconnected" });
    expect(() => client.open()).toThrow(expect.objectContaining({ code: "disconnected" }));
  });

  test("a stream nobody listens to does not end the process when the session does", async () => {
    const { client, server } = sessionPair();
    const stream = client.open();
    stream.write(randomBytes(9 * MIB));
    await settle();
    await server.close();
    if (!stream.closed) await once(stream, "close", { signal: limit() }).catch(() => {});
    expect(stream.errored).toMatchObject({ code: "disconnected" });
  });
});
