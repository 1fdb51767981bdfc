import { once } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import type { HvSocket, ReadOutcome } from "../../../../native/vmp/native.d.ts";
import { HvSocketStream } from "../../../../src/vm/hcs/hv-socket-stream.ts";

/** A socket whose reads the test answers. */
class FakeSocket implements HvSocket {
  readonly reads: PromiseWithResolvers<ReadOutcome>[] = [];
  readonly written: Buffer[] = [];
  writeError = 0;
  closed = false;
  shut = false;

  read(): Promise<ReadOutcome> {
    const read = Promise.withResolvers<ReadOutcome>();
    this.reads.push(read);
    return read.promise;
  }

  async write(bytes: Buffer): Promise<{ error: number }> {
    this.written.push(bytes);
    return { error: this.writeError };
  }

  async shutdown(): Promise<{ error: number }> {
    this.shut = true;
    return { error: 0 };
  }

  close(): void {
    this.closed = true;
  }

  answer(text: string, error = 0): void {
    this.reads.at(-1)?.resolve({ error, chunk: Buffer.from(text) });
  }
}

test("one read at a time, and none when nobody takes what came", async () => {
  const socket = new FakeSocket();
  const stream = new HvSocketStream(socket);
  await turn();
  expect(socket.reads).toHaveLength(0);
  stream.read(0);
  stream.read(0);
  expect(socket.reads).toHaveLength(1);
  // More than the stream holds: it asks for nothing until somebody reads.
  socket.answer("x".repeat(stream.readableHighWaterMark));
  await turn();
  expect(socket.reads).toHaveLength(1);
  stream.resume();
  await turn();
  expect(socket.reads).toHaveLength(2);
  stream.destroy();
  expect(socket.closed).toBe(true);
});

test.each([0, 10054, 10101])("no bytes and error %s is the end", async (error) => {
  const socket = new FakeSocket();
  const stream = new HvSocketStream(socket);
  stream.resume();
  await turn();
  socket.answer("", error);
  await once(stream, "close");
  expect(socket.shut).toBe(true);
  expect(socket.closed).toBe(true);
});

test("a write that fails is `disconnected`", async () => {
  const socket = new FakeSocket();
  socket.writeError = 10054;
  const stream = new HvSocketStream(socket);
  const failure = once(stream, "error");
  stream.write("hello");
  expect((await failure)[0]).toMatchObject({ code: "disconnected", details: { winsock: 10054 } });
  expect(socket.written.map(String)).toEqual(["hello"]);
});

test("what was on its way when the stream was destroyed is dropped", async () => {
  const socket = new FakeSocket();
  const stream = new HvSocketStream(socket);
  stream.resume();
  await turn();
  stream.destroy();
  socket.answer("late");
  await once(stream, "close");
  expect(socket.reads).toHaveLength(1);
});
