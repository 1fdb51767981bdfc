import { expect, onTestFinished, test, vi } from "vitest";
import { checkPipeServer } from "../../../../src/cli/daemon/check-pipe-server.ts";
import { fakeHostSecurity, USER } from "../../../support/fake-host-security.ts";
import { rejection } from "../../../support/rejection.ts";

const pipe = String.raw`\\.\pipe\tswsl-1`;
const { signal } = new AbortController();

test.each([
  ["our own", USER],
  ["a service's", "S-1-5-18"],
  ["an elevated daemon's", "S-1-5-32-544"],
])("a pipe that is %s is trusted", async (_, owner) => {
  const security = fakeHostSecurity({ servers: [{ owner }] });
  expect(await checkPipeServer(pipe, security, signal)).toBe(true);
});

test("a pipe owned as what we make is owned is trusted", async () => {
  const owner = "S-1-5-21-7-7-7-513";
  const security = fakeHostSecurity({ token: { owner }, servers: [{ owner }] });
  expect(await checkPipeServer(pipe, security, signal)).toBe(true);
});

test("no pipe is no daemon", async () => {
  const security = fakeHostSecurity({ servers: [{ error: 2, owner: null }] });
  expect(await checkPipeServer(pipe, security, signal)).toBe(false);
});

test("a pipe of another user is refused, with the process that has it", async () => {
  const security = fakeHostSecurity({ servers: [{ owner: "S-1-5-21-7-7-7-1002", process: 99 }] });
  await expect(checkPipeServer(pipe, security, signal)).rejects.toMatchObject({
    code: "permission",
    message: String.raw`the pipe \\.\pipe\tswsl-1 must be your own daemon's, but is S-1-5-21-7-7-7-1002's`,
    hint: 'See what it is: tasklist /fi "PID eq 99"',
  });
});

test("a pipe that keeps us out is refused", async () => {
  const security = fakeHostSecurity({ servers: [{ error: 5, owner: null, process: 0 }] });
  await expect(checkPipeServer(pipe, security, signal)).rejects.toMatchObject({
    code: "permission",
    message: String.raw`the pipe \\.\pipe\tswsl-1 must be your own daemon's, but does not let us in`,
    hint: "See which programs run: tasklist",
  });
});

test("a pipe that is just being made, and has no owner yet, is tried again", async () => {
  const security = fakeHostSecurity({ servers: [{ owner: null }, { owner: null }, {}] });
  expect(await checkPipeServer(pipe, security, signal)).toBe(true);
});

test("a pipe without an owner is refused in the end", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const security = fakeHostSecurity({ servers: [{ owner: null }] });
  const checking = rejection(checkPipeServer(pipe, security, signal));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await checking).toMatchObject({
    code: "permission",
    message: String.raw`the pipe \\.\pipe\tswsl-1 must be your own daemon's, but has no owner`,
  });
});

test("a pipe that is busy is tried again", async () => {
  const busy = { error: 231, owner: null };
  const security = fakeHostSecurity({ servers: [busy, busy, {}] });
  expect(await checkPipeServer(pipe, security, signal)).toBe(true);
});

test("waiting for a busy pipe can be given up", async () => {
  const security = fakeHostSecurity({ servers: [{ error: 231, owner: null }] });
  const aborted = AbortSignal.timeout(1);
  await expect(checkPipeServer(pipe, security, aborted)).rejects.toMatchObject({ code: "timeout" });
});
