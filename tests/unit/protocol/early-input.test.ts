import { expect, test } from "vitest";
import { EarlyInput } from "../../../src/protocol/early-input.ts";
import { readAll, settle } from "../../support/bytes.ts";
import { unixSocketPair } from "../../support/duplex-pair.ts";

test("what came meanwhile is read again, and nothing was gone", async () => {
  const [client, socket] = await unixSocketPair();
  let gone = 0;
  const early = new EarlyInput(socket, () => gone++);
  client.write("one ");
  await settle();
  client.write("two ");
  await settle();
  early.giveBack();
  client.end("three");
  expect((await readAll(socket)).toString()).toBe("one two three");
  expect(gone).toBe(0);
  socket.destroy();
});

test.each(["end", "destroy"] as const)("a peer that goes (%s) is noticed, even after bytes", async (how) => {
  const [client, socket] = await unixSocketPair();
  const { promise, resolve } = Promise.withResolvers<void>();
  const early = new EarlyInput(socket, resolve);
  client.write("typed ahead");
  await settle();
  client[how]();
  await expect(promise).resolves.toBeUndefined();
  early.giveBack();
  socket.destroy();
});

test("a peer that sends more than it may is not read any further", async () => {
  const [client, socket] = await unixSocketPair();
  const early = new EarlyInput(socket, () => undefined);
  const flood = Buffer.alloc(16 * 1024 * 1024);
  client.write(flood);
  await settle(50);
  expect(socket.isPaused()).toBe(true);
  expect(client.writableLength).toBeGreaterThan(8 * 1024 * 1024);
  early.giveBack();
  client.destroy();
  socket.destroy();
});
