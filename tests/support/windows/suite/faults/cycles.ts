import { randomUUID } from "node:crypto";
import { describe, expect, test, vi } from "vitest";
import { boot, linux, machine, service, signal } from "./bench.ts";

/** How many are in progress at a time. */
const AT_ONCE = 5;

/** Of this process, by Linux. */
interface Resources {
  readonly threads: number;
  readonly descriptors: number;
}

// Answered by the test on Linux.
const resources = async () => (await linux("resources")) as Resources;

/** Threads and sockets end a moment after the calls that they served, so the counts are waited for. */
async function noMoreThan(before: Resources): Promise<void> {
  const check = async (): Promise<void> => {
    const { threads, descriptors } = await resources();
    expect({ threads, descriptors }).toEqual({
      threads: Math.min(threads, before.threads),
      descriptors: Math.min(descriptors, before.descriptors),
    });
    // Handles, operations and strings of ours that the services have, and machines.
    expect(await linux("leftovers")).toEqual([]);
  };
  await vi.waitFor(check, { timeout: 20_000 });
}

async function inParallel(rounds: number, cycle: () => Promise<void>): Promise<void> {
  const lane = async (): Promise<void> => {
    for (let round = 0; round < rounds / AT_ONCE; round++) await cycle();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

export function testCycles(): void {
  describe("cycles", () => {
    test("1,000 machines created, terminated and closed leave no handle, no thread and no string", async () => {
      const cycle = async (): Promise<void> => {
        const system = await service.create(randomUUID(), machine(), signal);
        await system.terminate(signal);
        await system.close();
      };
      // Libraries, thread stacks and Wine's own caches come with the first calls.
      await inParallel(10, cycle);
      const before = await resources();
      await inParallel(1000, cycle);
      await expect(noMoreThan(before)).resolves.toBeUndefined();
    });

    test("machines started, used and closed leave nothing either", async () => {
      const before = await resources();
      for (let round = 0; round < 5; round++) {
        const { system } = await boot();
        await system.close();
      }
      await expect(noMoreThan(before)).resolves.toBeUndefined();
    });
  });
}
