import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { waitUntilUnheld } from "../../../src/cli/daemon/wait-until-unheld.ts";
import { holdLock } from "../../../src/daemon/hold-lock.ts";
import { listenOnPipe } from "../../../src/daemon/listen-on-pipe.ts";
import { fakeHostSecurity } from "../../support/fake-host-security.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

// Unix sockets stand in for pipes: of both, one process can listen on a name.
const { signal } = new AbortController();
const deadline = { ms: 5000, what: "the daemon to end" };

async function name(): Promise<string> {
  return join(await temporaryDirectory(), "pipe");
}

test("a lock is held once", async () => {
  const lock = await name();
  expect(await holdLock(lock)).toBe(true);
  expect(await holdLock(lock)).toBe(false);
});

test("a lock that cannot be made is an error, and no lock", async () => {
  await expect(holdLock(join(await temporaryDirectory(), "no/such/place"))).rejects.toThrow(/EACCES|ENOENT/);
});

test("waiting for a lock that nobody holds is over at once", async () => {
  await expect(waitUntilUnheld(await name(), deadline, signal)).resolves.toBeUndefined();
});

test("waiting ends when the lock is let go", async () => {
  const lock = await name();
  const server = await listenOnPipe({ pipe: lock, home: "" }, fakeHostSecurity(), (socket) => {
    socket.on("error", () => undefined).destroy();
  });
  let ended = false;
  const waiting = waitUntilUnheld(lock, deadline, signal).then(() => (ended = true));
  await turn();
  expect(ended).toBe(false);
  server.close();
  await waiting;
});

test("waiting is over at its deadline", async () => {
  const lock = await name();
  await holdLock(lock);
  await expect(waitUntilUnheld(lock, { ...deadline, ms: 60 }, signal)).rejects.toMatchObject({
    code: "timeout",
    message: "timed out after 0.06 s waiting for the daemon to end",
  });
});

test("where another process listens, nobody else does", async () => {
  const pipe = await name();
  const server = await listenOnPipe({ pipe, home: "" }, fakeHostSecurity(), () => undefined);
  onTestFinished(() => new Promise<void>((done) => server.close(() => done())));
  await expect(listenOnPipe({ pipe, home: "" }, fakeHostSecurity(), () => undefined)).rejects.toMatchObject({
    code: "exists",
    message: `another process listens on ${pipe}`,
  });
});

test("what cannot be closed to others is not listened on", async () => {
  const pipe = await name();
  const open = fakeHostSecurity({ setPipeAccess: 5 });
  await expect(listenOnPipe({ pipe, home: "" }, open, () => undefined)).rejects.toMatchObject({
    code: "permission",
  });
  await waitUntilUnheld(pipe, deadline, signal);
});
