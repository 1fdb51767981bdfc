import { existsSync, readdirSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { inDebian, shared } from "../support/debian.ts";

interface Status {
  readonly vm: { startStages: Record<string, number> };
}

const directory = (): string => join(shared().home, "saved-vm");

/** The state's file, once it is complete. */
async function saved(): Promise<string> {
  return await vi.waitFor(
    () => {
      const key = readdirSync(directory()).find((name) => !name.startsWith("partial-"));
      if (key === undefined) throw new Error("nothing is saved yet");
      return join(directory(), key, "vm.vmrs");
    },
    { timeout: 120_000, interval: 200 },
  );
}

/** The next start's stages: `restore` is among them, or `boot`. */
async function coldStart(): Promise<string[]> {
  await shared().ok(["shutdown"]);
  await shared().ok(["-d", "debian", "true"]);
  const { vm } = await shared().json<Status>(["status"]);
  return Object.keys(vm.startStages);
}

test("after a boot the VM is saved, and the next start goes on from there, each time anew", async () => {
  await shared().ok(["set", "--saved-vm", "on"]);
  await inDebian("echo kept > /root/kept; sync");
  await saved();
  const seen = new Set<string>();
  for (let round = 0; round < 3; round++) {
    expect(await coldStart()).toContain("restore");
    const before = Date.now();
    const facts = await inDebian(
      "cat /root/kept; date +%s; cat /proc/sys/kernel/random/boot_id /proc/sys/kernel/random/uuid; head -c 16 /dev/urandom | od -An -tx1",
    );
    const [kept, seconds, ...random] = facts.text.split("\n");
    expect(kept).toBe("kept");
    expect(Math.abs(Number(seconds) * 1000 - before)).toBeLessThan(60_000);
    for (const value of random) {
      expect(seen).not.toContain(value);
      seen.add(value);
    }
  }
});

test("a saved VM that is damaged is given up, and the VM boots", async () => {
  truncateSync(await saved(), 1000);
  expect(await coldStart()).toContain("boot");
  // A new one is made in its place.
  await saved();
  expect(await coldStart()).toContain("restore");
});

test("other memory, and the saved VM does not fit", async () => {
  await saved();
  await shared().ok(["set", "--memory", "1G"]);
  expect(await coldStart()).toContain("boot");
  await shared().ok(["set", "--memory", "auto"]);
});

test("switched off, it boots and saves nothing", async () => {
  await shared().ok(["set", "--saved-vm", "off"]);
  expect(await coldStart()).toContain("boot");
  expect(existsSync(directory()) ? readdirSync(directory()) : []).toEqual([]);
  await shared().ok(["set", "--saved-vm", "on"]);
});
