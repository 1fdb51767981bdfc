import type { Duplex } from "node:stream";
import { YamuxSession } from "../../src/protocol/yamux/session.ts";
import type { YamuxStream } from "../../src/protocol/yamux/stream.ts";
import { duplexPair, unixSocketPair } from "../support/duplex-pair.ts";
import { type ByteStreamPair, testByteStream } from "./byte-stream.ts";

testByteStream("a pair in memory", async () => {
  const [left, right] = duplexPair();
  return { left, right };
});

testByteStream("a unix socket", async () => {
  const [left, right] = await unixSocketPair();
  return { left, right };
});

testByteStream("a yamux stream over a unix socket", async () => yamuxPair(...(await unixSocketPair())));

testByteStream("a yamux stream over memory", async () => yamuxPair(...duplexPair()));

async function yamuxPair(near: Duplex, far: Duplex): Promise<ByteStreamPair> {
  const { promise, resolve } = Promise.withResolvers<YamuxStream>();
  const server = new YamuxSession(far, { role: "server", onStream: resolve });
  const client = new YamuxSession(near, { role: "client" });
  const left = client.open();
  return {
    left,
    right: await promise,
    release: async () => {
      await Promise.all([client.close(), server.closed]);
    },
  };
}
