import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Scope } from "../../src/base/scope.ts";
import { buildConformanceGuest } from "../support/conformance-guest.ts";
import { testKernel } from "../support/kernel.ts";
import { openFiles, threadsOf } from "../support/leaks.ts";
import type { Fault } from "../support/windows/faults.ts";
import { HostileGuest } from "../support/windows/hostile-guest.ts";
import { nativeCoverage } from "../support/windows/native-coverage.ts";
import { StandInHost } from "../support/windows/stand-in-host.ts";
import { ControlServer } from "../support/windows/suite/control.ts";
import { bundleForWindows, runSuite } from "../support/windows/suite/run-suite.ts";
import type { TestResult } from "../support/windows/suite/vitest.ts";
import { toWindowsPath } from "../support/windows/windows-paths.ts";
import { WinePrefix } from "../support/windows/wine-prefix.ts";

// Two programs run in node.exe under Wine: the compute service's suite, and what goes wrong between tswsl and Windows'
// services. Each of their tests is then one here.
const scope = new Scope();
const directory = await mkdtemp(join(tmpdir(), "tswsl-hcs-"));
scope.defer(() => rm(directory, { recursive: true }));
const prefix = await WinePrefix.make();
scope.defer(() => prefix.close());
const host = await StandInHost.open({ prefix: prefix.path });
scope.defer(() => host.close());
let pid = 0;
let hostile: HostileGuest | undefined;
const control = await ControlServer.open({
  kill: () => host.killMachines(),
  leftovers: () => host.leftovers(),
  // Written by the suite as a Fault.
  inject: (fault) => host.faults.inject(JSON.parse(fault) as Fault),
  crash: () => host.crash(),
  mute: () => {
    host.compute.mute = true;
  },
  hostile: (deed) => {
    hostile = new HostileGuest(deed);
    host.compute.hostileGuest = hostile.serve;
  },
  taken: () => hostile?.taken,
  resources: () => ({ threads: threadsOf(pid), descriptors: openFiles(pid).length }),
  calm: () => {
    host.faults.clear();
    host.compute.mute = false;
    host.compute.hostileGuest = undefined;
  },
});
scope.defer(() => control.close());
const initrd = join(directory, "initrd.img");
await buildConformanceGuest(initrd);
const env = {
  TSWSL_TEST_KERNEL: toWindowsPath(await testKernel()),
  TSWSL_TEST_INITRD: toWindowsPath(initrd),
  TSWSL_TEST_CONTROL: control.port,
  TSWSL_TEST_ONLY: process.env["TSWSL_TEST_ONLY"] ?? "",
};

async function run(name: string): Promise<readonly TestResult[]> {
  const program = await bundleForWindows(name, join(directory, "program"));
  return await runSuite({
    prefix,
    program,
    directory,
    env,
    started: (id) => {
      pid = id;
    },
  });
}

async function runBoth(): Promise<readonly TestResult[]> {
  try {
    return [...(await run("compute-service")), ...(await run("faults"))];
  } catch (error) {
    // There will be no tests, and nothing after them.
    await scope.close();
    throw error;
  }
}

const results = await runBoth();

afterAll(() => scope.close());

test("the suites ran", () => {
  expect(results.length).toBeGreaterThan(0);
});

test.each(results)("$name ($milliseconds ms)", ({ status, error }) => {
  expect(error).toBeUndefined();
  expect(status).toBe("passed");
});

test.skipIf(env.TSWSL_TEST_ONLY !== "")(
  "docs/native-coverage.md says what of the native code has run",
  async () => {
    const called = await readFile(join(directory, "called.txt"), "utf8");
    const table = nativeCoverage({
      calls: new Set(host.calls.keys()),
      functions: new Set(called.split("\n")),
    });
    await expect(table).toMatchFileSnapshot("../../docs/native-coverage.md");
  },
);
