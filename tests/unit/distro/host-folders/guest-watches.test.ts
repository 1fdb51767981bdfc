import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { GuestWatches } from "../../../../src/distro/host-folders/guest-watches.ts";
import type { ReplayEvent } from "../../../../src/protocol/guest.ts";
import type { AgentClient } from "../../../../src/vm/agent-client.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const event: ReplayEvent = { op: "create", path: "/run/tswsl/host/path=%2F/file", directory: false };

class FakeServer {
  readonly watched: (readonly number[])[] = [];
  readonly replays: boolean[] = [];
  walked = (): void => {};
  changes = (_events: readonly ReplayEvent[]): void => {};

  watch(files: readonly number[]): void {
    this.watched.push(files);
  }
  replayed(told: boolean): void {
    this.replays.push(told);
  }
  onWalked(callback: () => void): void {
    this.walked = callback;
  }
  onChanges(callback: (events: readonly ReplayEvent[]) => void): void {
    this.changes = callback;
  }
}

function guest(answer: (method: string) => Promise<unknown>): {
  readonly agent: Pick<AgentClient, "call">;
  readonly calls: string[];
} {
  const calls: string[] = [];
  const call = async (method: string): Promise<unknown> => {
    calls.push(method);
    return await answer(method);
  };
  // It answers what the contract says for the methods that are called here.
  return { agent: { call } as Pick<AgentClient, "call">, calls };
}

const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };

function followed(): { readonly server: FakeServer; readonly watches: GuestWatches } {
  const server = new FakeServer();
  // A logger of which these are all that is used.
  return { server, watches: new GuestWatches({ server, log: log as never }) };
}

test("a guest that watches is asked again and again, one that does not is left alone until it walks", async () => {
  const { server, watches } = followed();
  let files = [5];
  const { agent, calls } = guest(async () => ({ qidPaths: files }));
  watches.attend(agent);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(server.watched.at(-1)).toEqual([5]);
  const asked = calls.length;
  expect(asked).toBeGreaterThan(5);
  files = [];
  await vi.advanceTimersByTimeAsync(30_000);
  expect(server.watched.at(-1)).toEqual([]);
  const then = calls.length;
  await vi.advanceTimersByTimeAsync(600_000);
  expect(calls.length).toBe(then);
  files = [7];
  server.walked();
  await vi.advanceTimersByTimeAsync(300);
  expect(server.watched.at(-1)).toEqual([7]);
});

test("a guest that walks all the time is asked once in a second", async () => {
  const { server, watches } = followed();
  const { agent, calls } = guest(async () => ({ qidPaths: [] }));
  watches.attend(agent);
  for (let at = 0; at < 100; at += 1) {
    server.walked();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(calls.length).toBeGreaterThan(5);
  expect(calls.length).toBeLessThan(12);
});

test("a guest that was slow once is asked again after seconds, not minutes", async () => {
  const { server, watches } = followed();
  const { agent, calls } = guest(async () => {
    // Not by timers/promises, which have the real time.
    if (calls.length === 1) await new Promise((resolve) => setTimeout(resolve, 6000));
    return { qidPaths: [calls.length] };
  });
  watches.attend(agent);
  await vi.advanceTimersByTimeAsync(6300);
  expect(server.watched.at(-1)).toEqual([1]);
  server.walked();
  await vi.advanceTimersByTimeAsync(8000);
  expect(calls).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(2500);
  expect(calls.length).toBeGreaterThan(1);
});

test("changes are replayed, and the server hears when", async () => {
  const { server, watches } = followed();
  const replaying = Promise.withResolvers<object>();
  const { agent } = guest((method) =>
    method === "files.replay" ? replaying.promise : Promise.resolve({ qidPaths: [] }),
  );
  watches.attend(agent);
  server.changes([event]);
  await vi.advanceTimersByTimeAsync(100);
  expect(server.replays).toEqual([]);
  replaying.resolve({});
  await vi.advanceTimersByTimeAsync(0);
  expect(server.replays).toEqual([true]);
});

test("a guest that fails is not told again at once, and holds nobody up", async () => {
  const { server, watches } = followed();
  const { agent } = guest((method) =>
    method === "files.replay" ? Promise.reject(new Error("timeout")) : Promise.resolve({ qidPaths: [] }),
  );
  watches.attend(agent);
  server.changes([event]);
  await vi.advanceTimersByTimeAsync(100);
  expect(server.replays).toEqual([]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(server.replays).toEqual([false]);
  expect(log.warn).toHaveBeenCalled();
});

test("without a guest nothing is watched, and changes are answered", async () => {
  const { server, watches } = followed();
  const { agent, calls } = guest(async () => ({ qidPaths: [5] }));
  watches.attend(agent);
  await vi.advanceTimersByTimeAsync(5000);
  watches.attend(undefined);
  expect(server.watched.at(-1)).toEqual([]);
  const asked = calls.length;
  server.walked();
  server.changes([event]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(calls.length).toBe(asked);
  expect(server.replays).toEqual([false]);
});
