import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { inDebian, shared } from "../support/debian.ts";
import { processesOf } from "../support/leaks.ts";

const FILE_MIB = 512;

/** Resident memory of the instance's virtual machine; of the larger one while a second is being saved. */
function residentMiB(): number {
  const machines = processesOf(shared().home).filter(({ command }) => command.includes("qemu-system"));
  return Math.max(0, ...machines.map(({ pid }) => residentMiBOf(pid)));
}

function residentMiBOf(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
  } catch {
    // Ended meanwhile.
    return 0;
  }
}

test("the memory of cached files goes back to the host while a distro runs and does nothing", async () => {
  // Its idle distro must not be stopped meanwhile: that the end of a machine frees its memory is no news.
  const holder = shared().spawn(["-d", "debian", "--", "sh", "-c", "echo here; read line"]);
  const ended = once(holder, "close");
  try {
    if (holder.stdout) await once(holder.stdout, "data");
    expect((await inDebian(`head -c ${FILE_MIB}M /dev/zero > /root/cached && sync`)).status).toBe(0);
    const full = residentMiB();
    await vi.waitFor(() => expect(residentMiB()).toBeLessThan(full - FILE_MIB / 2), {
      timeout: 100_000,
      interval: 1000,
    });
    expect((await inDebian("wc -c < /root/cached")).text).toBe(String(FILE_MIB * 2 ** 20));
  } finally {
    holder.stdin?.end("\n");
    await ended;
    await inDebian("rm -f /root/cached");
  }
}, 180_000);
