import { expect, test } from "vitest";
import { TswslError } from "../../../src/base/errors.ts";
import { VmLoss } from "../../../src/distro/vm-loss.ts";
import type { SystemExitStatus } from "../../../src/vm/hcs-types.ts";
import { exitStatus } from "../../../src/vm/qemu/exit-status.ts";

const lost = new TswslError("disconnected", "the link to the peer was lost");
const running = { shutdownReason: undefined, terminated: false, duringStart: false };

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
  ["its process ended unexpectedly", running],
  ["its kernel crashed", { ...running, shutdownReason: "guest-reset" }],
  ["its kernel crashed", { ...running, shutdownReason: "guest-panic" }],
  ["was shut down", { ...running, shutdownReason: "guest-shutdown" }],
  ["was shut down", { ...running, terminated: true }],
])("a broken link: %s", async (words, exit) => {
  const { loss, end } = machine();
  const early = loss.explain(lost);
  end(exitStatus(exit));
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
