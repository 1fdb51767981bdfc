import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { IdleTimer } from "../../../src/distro/idle.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("it fires once, after the last hold has been gone for the whole time", () => {
  const idle = vi.fn<() => void>();
  const timer = new IdleTimer(() => 15, idle);
  const [first, second] = [timer.hold(), timer.hold()];
  first();
  vi.advanceTimersByTime(60_000);
  expect(idle).not.toHaveBeenCalled();
  second();
  vi.advanceTimersByTime(14_999);
  expect(idle).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(idle).toHaveBeenCalledOnce();
});

test("a new hold stops the countdown", () => {
  const idle = vi.fn<() => void>();
  const timer = new IdleTimer(() => 15, idle);
  timer.hold()();
  vi.advanceTimersByTime(10_000);
  timer.hold();
  vi.advanceTimersByTime(60_000);
  expect(idle).not.toHaveBeenCalled();
});

test("releasing twice counts once", () => {
  const timer = new IdleTimer(
    () => 15,
    () => undefined,
  );
  const release = timer.hold();
  timer.hold();
  release();
  release();
  expect(timer.holds).toBe(1);
});

test("a negative time means never", () => {
  const idle = vi.fn<() => void>();
  const timer = new IdleTimer(() => -1, idle);
  timer.hold()();
  vi.advanceTimersByTime(1e9);
  expect(idle).not.toHaveBeenCalled();
});
