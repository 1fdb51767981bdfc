import { once } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TswslError } from "../../../src/base/errors.ts";
import { GuestWatch } from "../../../src/distro/guest-watch.ts";

/** An agent whose answers to pings are these, and then silence. */
function agent(...answers: boolean[]): { ping: () => Promise<number>; asked: () => number } {
  let asked = 0;
  return {
    asked: () => asked,
    ping: async () => {
      if (answers[asked++]) return 1;
      throw new TswslError("timeout", "no answer");
    },
  };
}

const silent = (watch: GuestWatch): boolean => watch.signal.aborted;

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

// node:timers/promises is not faked: real seconds pass.
vi.mock("node:timers/promises", () => ({ setTimeout: async () => undefined }));

test("three questions without an answer make a guest silent", async () => {
  const watch = new GuestWatch(agent(), { once: true });
  await once(watch.signal, "abort");
  expect(watch.signal.reason).toMatchObject({ code: "timeout", hint: expect.stringContaining("--force") });
});

test("an answer in between starts the count again", async () => {
  const peer = agent(false, false, true, false, false, true);
  const watch = new GuestWatch(peer, { once: false });
  await once(watch.signal, "abort");
  expect(peer.asked()).toBe(9);
});

test("with `once`, one answer is enough", async () => {
  const peer = agent(true);
  const watch = new GuestWatch(peer, { once: true });
  await new Promise((resolve) => setImmediate(resolve));
  expect([silent(watch), peer.asked()]).toEqual([false, 1]);
});

test("a lost link is no silence", async () => {
  const ping = async (): Promise<number> => {
    throw new TswslError("disconnected", "lost");
  };
  const watch = new GuestWatch({ ping }, { once: false });
  await new Promise((resolve) => setImmediate(resolve));
  expect(silent(watch)).toBe(false);
});
