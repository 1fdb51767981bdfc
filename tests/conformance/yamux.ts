import { once } from "node:events";
import type { Duplex } from "node:stream";
import { describe, expect, test } from "vitest";
import { YamuxSession } from "../../src/protocol/yamux/session.ts";
import type { YamuxStream } from "../../src/protocol/yamux/stream.ts";
import { randomBytes, readAll, settle } from "../support/bytes.ts";

export interface EchoServer {
  readonly transport: Duplex;
  readonly release?: () => Promise<void>;
}

const MIB = 1024 * 1024;
const limit = (): AbortSignal => AbortSignal.timeout(20_000);

/**
 * Our client against any yamux server that sends back what each stream brings, and ends its half when the stream's
 * other half has ended. `make` gives a transport to a fresh one.
 */
export function testYamuxServer(name: string, make: () => Promise<EchoServer>): void {
  const withSession = (run: (session: YamuxSession) => Promise<void>) => async (): Promise<void> => {
    const { transport, release } = await make();
    const session = new YamuxSession(transport, { role: "client" });
    try {
      await run(session);
      expect(await session.close()).toBeUndefined();
    } finally {
      transport.destroy();
      await release?.();
    }
  };

  describe(`${name} as a yamux server`, () => {
    test("answers pings", withSession(ping));
    test("carries 64 streams at once, each its own bytes", withSession(manyStreams));
    test("carries more than any window", withSession(beyondWindows));
    test("stops sending at our window while we do not read", withSession(backPressure));
    test("opens and ends 500 streams one after the other", withSession(oneAfterAnother));
    test("survives streams that we reset with bytes under way", withSession(resets));
  });
}

async function echo(stream: YamuxStream, bytes: Buffer): Promise<boolean> {
  stream.end(bytes);
  return (await readAll(stream)).equals(bytes);
}

async function ping(session: YamuxSession): Promise<void> {
  expect(await session.ping(limit())).toBeGreaterThan(0);
}

async function manyStreams(session: YamuxSession): Promise<void> {
  const echoes = Array.from({ length: 64 }, (_, index) =>
    echo(session.open(), randomBytes(300_000 + index, index)),
  );
  expect(await Promise.all(echoes)).toEqual(Array.from({ length: 64 }, () => true));
  expect(session.streamCount).toBe(0);
}

async function beyondWindows(session: YamuxSession): Promise<void> {
  expect(await echo(session.open(), randomBytes(24 * MIB, 5))).toBe(true);
}

async function backPressure(session: YamuxSession): Promise<void> {
  const stream = session.open();
  const bytes = randomBytes(12 * MIB, 6);
  stream.end(bytes);
  await session.ping(limit());
  await settle(100);
  expect(stream.writableFinished).toBe(false);
  // Another stream is not held up by it.
  expect(await echo(session.open(), randomBytes(MIB, 7))).toBe(true);
  expect((await readAll(stream)).equals(bytes)).toBe(true);
}

async function oneAfterAnother(session: YamuxSession): Promise<void> {
  for (let index = 0; index < 500; index += 1) {
    const stream = session.open();
    stream.end("again");
    expect((await readAll(stream)).toString()).toBe("again");
  }
  expect(session.streamCount).toBe(0);
}

async function resets(session: YamuxSession): Promise<void> {
  for (let index = 0; index < 20; index += 1) {
    const stream = session.open();
    stream.write(randomBytes(MIB, index));
    await once(stream, "data", { signal: limit() });
    stream.destroy();
  }
  expect(await session.ping(limit())).toBeGreaterThan(0);
  expect(await echo(session.open(), randomBytes(MIB, 8))).toBe(true);
  expect(session.streamCount).toBe(0);
}
