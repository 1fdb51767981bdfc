import { expect, test, vi } from "vitest";
import { silentLogger } from "../../../../src/base/log.ts";
import { resumeAfterFullDisk } from "../../../../src/vm/qemu/resume-after-full-disk.ts";
import { FakeQmp } from "../../../support/fake-qmp.ts";

// The wait between two attempts.
vi.mock("node:timers/promises", async (original) => ({
  ...(await original<typeof import("node:timers/promises")>()),
  setTimeout: async () => undefined,
}));

const full = { action: "stop", nospace: true, operation: "write", "node-name": "disk-1" };

/** QEMU that reports these I/O errors at once; what we tell it then. */
async function told(...errors: object[]): Promise<string[]> {
  const qmp = new FakeQmp();
  resumeAfterFullDisk(qmp.client, silentLogger());
  for (const data of errors) qmp.say({ event: "BLOCK_IO_ERROR", data });
  await new Promise((resolve) => setTimeout(resolve, 50));
  qmp.end();
  return qmp.commands.map(({ execute }) => execute);
}

test("a machine that was stopped for want of space is told to go on, once for all of its requests", async () => {
  expect(await told(full, full)).toEqual(["cont"]);
});

test("other errors of a disk are not its business", async () => {
  expect(await told({ ...full, nospace: false }, { ...full, action: "report" })).not.toContain("cont");
});
