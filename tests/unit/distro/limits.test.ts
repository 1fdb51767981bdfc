import { describe, expect, test } from "vitest";
import type { DistroLimits } from "../../../src/protocol/daemon.ts";
import { changeLimits, guestLimits, type LimitChanges } from "../../../src/distro/limits.ts";

const vm = { memoryMiB: 2048, processors: 2 };
const none: DistroLimits = { memoryMiB: null, cpus: null, pids: null };

test("what is not given stays, and null takes a limit away", () => {
  const some = changeLimits(none, { memoryMiB: 1024, cpus: 1.5 }, vm);
  expect(some).toEqual({ memoryMiB: 1024, cpus: 1.5, pids: null });
  expect(changeLimits(some, { pids: 500, memoryMiB: null }, vm)).toEqual({
    memoryMiB: null,
    cpus: 1.5,
    pids: 500,
  });
});

test("a limit that the VM has become too small for does not forbid to change another", () => {
  const large = { memoryMiB: 8192, cpus: 8, pids: null };
  expect(changeLimits(large, { pids: 100 }, vm)).toEqual({ ...large, pids: 100 });
});

describe("refuses what no distro can have", () => {
  test.each<[LimitChanges, string]>([
    [{ memoryMiB: 31 }, "31 MiB of memory is too little for a distribution"],
    [{ memoryMiB: 0 }, "0 MiB of memory is too little for a distribution"],
    [{ memoryMiB: 64.5 }, "64.5 MiB of memory is too little for a distribution"],
    [{ memoryMiB: 2049 }, "2049 MiB is more memory than the virtual machine has (2048 MiB)"],
    [{ cpus: 0 }, "0 processors are too little for a distribution"],
    [{ cpus: Number.NaN }, "NaN processors are too little for a distribution"],
    [{ cpus: 2.1 }, "2.1 processors are more than the virtual machine has (2)"],
    [{ pids: 15 }, "a distribution cannot be limited to 15 processes"],
    [{ pids: 100.5 }, "a distribution cannot be limited to 100.5 processes"],
    [{ pids: 4_194_305 }, "a distribution cannot be limited to 4194305 processes"],
  ])("%j", (changes, message) => {
    expect(() => changeLimits(none, changes, vm)).toThrow(message);
  });

  test("and takes the smallest and the largest", () => {
    for (const changes of [
      { memoryMiB: 32, cpus: 0.05, pids: 16 },
      { memoryMiB: 2048, cpus: 2, pids: 4_194_304 },
    ])
      expect(changeLimits(none, changes, vm)).toEqual(changes);
  });
});

test("in the kernel's units", () => {
  expect(guestLimits(none)).toEqual({ memoryBytes: null, cpuMicros: null, pids: null });
  expect(guestLimits({ memoryMiB: 1024, cpus: 0.05, pids: 500 })).toEqual({
    memoryBytes: 1024 ** 3,
    cpuMicros: 5000,
    pids: 500,
  });
});
