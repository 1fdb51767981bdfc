import { expect, test } from "vitest";
import { cancelled, withDeadline } from "../../../src/base/deadline.ts";
import { TswslError } from "../../../src/base/errors.ts";

const never = (): Promise<never> => new Promise(() => undefined);
const free = new AbortController().signal;

test("the work's value is the answer", async () => {
  expect(await withDeadline(free, { ms: 1000, what: "it" }, async () => 7)).toBe(7);
});

test("work that does not end is given up, with what was waited for", async () => {
  const late = withDeadline(free, { ms: 1, what: "the moon", hint: "wait longer" }, never);
  await expect(late).rejects.toMatchObject({
    code: "timeout",
    message: "timed out after 0.001 s waiting for the moon",
    hint: "wait longer",
  });
});

test("the caller's abort ends the wait with its own reason", async () => {
  const controller = new AbortController();
  const waiting = withDeadline(controller.signal, { ms: 10_000, what: "it" }, never);
  controller.abort(new TswslError("disconnected", "gone"));
  await expect(waiting).rejects.toMatchObject({ code: "disconnected" });
});

test("an aborted caller does not start the work", async () => {
  let started = false;
  const call = withDeadline(AbortSignal.abort(), { ms: 1000, what: "it" }, async () => {
    started = true;
  });
  await expect(call).rejects.toMatchObject({ code: "cancelled" });
  expect(started).toBe(false);
});

test("the work's signal fires at the deadline", async () => {
  let inner: AbortSignal | undefined;
  await withDeadline(free, { ms: 1, what: "it" }, (signal) => {
    inner = signal;
    return never();
  }).catch(() => undefined);
  expect(inner?.aborted).toBe(true);
});

test("a signal that timed out is told from one that somebody aborted", async () => {
  const late = AbortSignal.timeout(1);
  await new Promise((resolve) => late.addEventListener("abort", resolve));
  expect(cancelled(late)).toMatchObject({ code: "timeout" });
  expect(cancelled(AbortSignal.abort())).toMatchObject({ code: "cancelled" });
});
