import { rm } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, vi } from "vitest";
import { Bench, type ComputeServiceHarness, type Supports } from "./compute-service/bench.ts";
import { testCreation } from "./compute-service/creation.ts";
import { testDevices } from "./compute-service/devices.ts";
import { testDisks } from "./compute-service/disks.ts";
import { testLife } from "./compute-service/life.ts";
import { testSaving } from "./compute-service/saving.ts";

export type { ComputeServiceHarness, Supports };

/** The contract of {@link ComputeService} in executable form, with real machines. */
export function testComputeService(
  name: string,
  make: (directory: string) => Promise<ComputeServiceHarness>,
  supports: Supports,
): void {
  let bench: Bench;

  beforeEach(async () => {
    bench = await Bench.open(make);
  });

  afterEach(async () => {
    await bench.close();
    await vi.waitFor(async () => expect(await bench.harness.leftovers()).toEqual([]), { timeout: 10_000 });
    await rm(bench.directory, { recursive: true });
  });

  describe(`${name}: creation`, () => {
    testCreation(() => bench);
  });
  describe(`${name}: life`, () => {
    testLife(() => bench, supports);
  });
  describe(`${name}: devices`, () => {
    testDevices(() => bench);
  });
  describe(`${name}: disks`, () => {
    testDisks(() => bench);
  });
  describe(`${name}: saving`, () => {
    testSaving(() => bench);
  });
}
