import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { silentLogger } from "../../../../src/base/log.ts";
import { judgeRun, type ProbeResult } from "../../../../src/vm/qemu/accelerator-probe.ts";
import {
  chooseAccelerator,
  rememberedAccelerator,
  type ProbeKey,
} from "../../../../src/vm/qemu/accelerators.ts";
import type { Accelerator, AcceleratorName } from "../../../../src/vm/qemu/machine.ts";

const { signal } = new AbortController();
const key: ProbeKey = { qemu: "qemu 7.2.22", kernel: "vmlinux 1 2", processor: "Xeon", boot: "b1" };
const tcg: ProbeResult = { accelerator: { name: "tcg", tscKhz: 2_596_096 } };
const hang: ProbeResult = { reason: "the guest did not end within 5 s" };

let directory = "";
let tried: AcceleratorName[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "tswsl-accelerator-"));
  tried = [];
});

afterEach(() => rm(directory, { recursive: true }));

function choose(
  results: Partial<Record<AcceleratorName, ProbeResult>>,
  changes: Partial<ProbeKey> = {},
  file = join(directory, "accelerator.json"),
): Promise<Accelerator> {
  const probe = async (name: AcceleratorName): Promise<ProbeResult> => {
    tried.push(name);
    return results[name] ?? { reason: "not there" };
  };
  const candidates: AcceleratorName[] = ["kvm", "tcg"];
  return chooseAccelerator(
    { candidates, key: { ...key, ...changes }, file, probe, log: silentLogger() },
    signal,
  );
}

describe("choosing an accelerator", () => {
  test("takes the first that ran a guest and tries no other", async () => {
    expect(await choose({ kvm: { accelerator: { name: "kvm" } }, tcg })).toEqual({ name: "kvm" });
    expect(tried).toEqual(["kvm"]);
  });

  test("passes by one that hangs", async () => {
    expect(await choose({ kvm: hang, tcg })).toEqual({ name: "tcg", tscKhz: 2_596_096 });
    expect(tried).toEqual(["kvm", "tcg"]);
  });

  test("remembers the answer", async () => {
    await choose({ kvm: hang, tcg });
    tried = [];
    expect(await choose({})).toEqual({ name: "tcg", tscKhz: 2_596_096 });
    expect(tried).toEqual([]);
    expect(await rememberedAccelerator(join(directory, "accelerator.json"))).toBe("tcg");
  });

  test.each<Partial<ProbeKey>>([
    { qemu: "qemu 8" },
    { kernel: "vmlinux 1 3" },
    { processor: "EPYC" },
    { boot: "b2" },
  ])("tries again after %j", async (change) => {
    await choose({ kvm: hang, tcg });
    tried = [];
    await choose({ kvm: hang, tcg }, change);
    expect(tried).toEqual(["kvm", "tcg"]);
  });

  test.each([
    "",
    "{",
    '{"version":1}',
    '{"version":1,"key":{},"accelerator":{"name":"magic"},"rejected":[]}',
  ])("a memory that says '%s' is found out again", async (text) => {
    await writeFile(join(directory, "accelerator.json"), text);
    expect(await choose({ kvm: hang, tcg })).toMatchObject({ name: "tcg" });
  });

  test("works where nothing can be remembered", async () => {
    const file = join(directory, "no", "such", "folder.json");
    expect(await choose({ tcg }, {}, file)).toMatchObject({ name: "tcg" });
  });

  test("says all reasons when nothing runs, and remembers nothing", async () => {
    await expect(choose({ kvm: hang })).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/kvm: the guest did not end within 5 s; tcg: not there/),
    });
    expect(await rememberedAccelerator(join(directory, "accelerator.json"))).toBeUndefined();
  });
});

describe("judging a guest's log", () => {
  const log =
    "Linux version 6.1\ntsc: Fast TSC calibration using PIT\ntsc: Detected 2596.096 MHz processor\n";

  test("reads the frequency that TCG hands through", () => {
    expect(judgeRun("tcg", log)).toEqual(tcg);
  });

  test("prefers the long measurement to the short one", () => {
    const both = `${log}tsc: Refined TSC clocksource calibration: 2596.100 MHz\n`;
    expect(judgeRun("tcg", both)).toEqual({ accelerator: { name: "tcg", tscKhz: 2_596_100 } });
  });

  test("TCG without a frequency does not count", () => {
    expect(judgeRun("tcg", "Linux version 6.1\ntsc: Unable to calibrate against PIT\n")).toHaveProperty(
      "reason",
    );
  });

  test("a guest that printed nothing has not run", () => {
    expect(judgeRun("kvm", "")).toHaveProperty("reason");
    expect(judgeRun("kvm", log)).toEqual({ accelerator: { name: "kvm" } });
  });
});
