import { expect, test } from "vitest";
import { TswslError } from "../../../src/base/errors.ts";
import { VmLoss } from "../../../src/distro/vm-loss.ts";
import { ExitHresult, type SystemExitStatus } from "../../../src/vm/hcs-types.ts";
import { exitStatus } from "../../../src/vm/qemu/exit-status.ts";

const lost = new TswslError("disconnected", "the link to the peer was lost");
const running = { shutdownReason: undefined, terminated: false, duringStart: false };

/** As HCS tells it. */
const unexpected = { Status: ExitHresult.unexpectedExit, ExitType: "UnexpectedExit" } as const;

const GIB = 1024 ** 3;

function machine(free = GIB): { loss: VmLoss; end: (status: SystemExitStatus) => void } {
  let end: (status: SystemExitStatus) => void = () => undefined;
  const loss = new VmLoss(
    { running: undefined, onExit: (callback) => (end = callback) },
    { path: "/x/store.img", freeBytes: async () => free },
  );
  return { loss, end: (status) => end(status) };
}

test.each([
  ["its process ended unexpectedly", exitStatus(running)],
  ["its kernel crashed", exitStatus({ ...running, shutdownReason: "guest-reset" })],
  ["its kernel crashed", exitStatus({ ...running, shutdownReason: "guest-panic" })],
  ["its kernel crashed", { ...unexpected, Attribution: [{ WorkerExit: {} }, { GuestCrash: {} }] }],
  ["(vmcompute) stopped", { ...unexpected, Status: ExitHresult.serviceDisconnect }],
  ["was shut down", exitStatus({ ...running, shutdownReason: "guest-shutdown" })],
  ["was shut down", exitStatus({ ...running, terminated: true })],
] as const)("a broken link: %s", async (words, status) => {
  const { loss, end } = machine();
  const early = loss.explain(lost);
  end(status);
  for (const explained of [await early, await loss.explain(lost)]) {
    expect(explained).toMatchObject({ code: "disconnected", message: expect.stringContaining(words) });
    expect(explained.hint).toContain("tswsl logs");
    expect(explained.cause).toBe(lost);
  }
});

test("a machine that does not end has lost its connection only", async () => {
  const { loss } = machine();
  expect(await loss.explain(lost)).toMatchObject({
    message: "the connection to the virtual machine was lost",
  });
});

test("other errors, and those that say what to do, are left alone", async () => {
  const { loss } = machine();
  for (const error of [
    new TswslError("timeout", "late"),
    new TswslError("disconnected", "stopped", { hint: "again" }),
  ])
    expect(await loss.explain(error)).toBe(error);
});

test("a machine that does not answer while its disk is full waits for space", async () => {
  const { loss } = machine(4096);
  expect(await loss.explain(new TswslError("timeout", "late"))).toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("/x/store.img is full"),
    hint: expect.stringContaining("df -h"),
  });
});
