import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { buildConformanceGuest } from "../support/conformance-guest.ts";
import { testKernel } from "../support/kernel.ts";
import { processesOf } from "../support/leaks.ts";
import { StandInHost } from "../support/windows/stand-in-host.ts";
import { ControlServer } from "../support/windows/suite/control.ts";
import { bundleForWindows, runSuite } from "../support/windows/suite/run-suite.ts";
import { toWindowsPath } from "../support/windows/windows-paths.ts";
import { WinePrefix } from "../support/windows/wine-prefix.ts";

// The suite runs in node.exe under Wine, all of it in one process; each of its tests is then one here.
const directory = await mkdtemp(join(tmpdir(), "tswsl-hcs-"));
const prefix = await WinePrefix.make();
const host = await StandInHost.open({ prefix: prefix.path });
const control = await ControlServer.open({
  kill: () => {
    for (const { pid } of processesOf(host.directory)) process.kill(pid, "SIGKILL");
  },
  leftovers: () => host.leftovers(),
});
const initrd = join(directory, "initrd.img");
await buildConformanceGuest(initrd);
const results = await runSuite({
  prefix,
  program: await bundleForWindows("compute-service", join(directory, "program")),
  directory,
  env: {
    TSWSL_TEST_KERNEL: toWindowsPath(await testKernel()),
    TSWSL_TEST_INITRD: toWindowsPath(initrd),
    TSWSL_TEST_CONTROL: control.port,
    TSWSL_TEST_ONLY: process.env["TSWSL_TEST_ONLY"] ?? "",
  },
});

afterAll(async () => {
  control.close();
  await host.close();
  await prefix.close();
  await rm(directory, { recursive: true });
});

test("the suite ran", () => {
  expect(results.length).toBeGreaterThan(0);
});

test.each(results)("$name ($milliseconds ms)", ({ status, error }) => {
  expect(error).toBeUndefined();
  expect(status).toBe("passed");
});
