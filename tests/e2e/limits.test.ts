import { afterAll, beforeAll, expect, test } from "vitest";
import { inDebian, shared } from "../support/debian.ts";
import type { Result } from "../support/instance.ts";
import { installSmall } from "../support/small-distro.ts";

/** Memory that the kernel cannot take back: a file in a tmpfs, without swap. */
const FILL = "head -c 41943040 /dev/zero > /dev/shm/filled";

const inSmall = (line: string): Promise<Result> => shared().run(["-d", "small", "--", "sh", "-c", line]);

beforeAll(async () => {
  await installSmall(shared(), "small", ["--memory", "64M", "--cpus", "1.5", "--pids", "30"]);
}, 120_000);

afterAll(async () => {
  await shared().ok(["unregister", "small", "--yes"]);
});

test("limits of the installation are shown", async () => {
  expect(await shared().json(["set", "small"])).toEqual({
    name: "small",
    keepAlive: false,
    limits: { memoryMiB: 64, cpus: 1.5, pids: 30 },
  });
  expect(await shared().ok(["set", "small"])).toBe(
    "memory      64M\ncpus        1.5\npids        30\nkeep-alive  off",
  );
});

test("want of memory ends a process of that distro, says so, and leaves the others alone", async () => {
  const bystander = shared().spawn(["-d", "debian", "--", "sh", "-c", "read line; echo got $line"]);
  const said: Buffer[] = [];
  bystander.stdout?.on("data", (chunk: Buffer) => said.push(chunk));
  await inSmall("echo here > /dev/shm/before");
  // tail keeps what may become the last line: all of it, for ever.
  const hungry = await inSmall("tail /dev/zero; echo tail ended with $?");
  expect(hungry.text).toBe("tail ended with 137");
  expect(hungry.stderr).toContain(
    "tswsl: warning: the kernel ended 1 process for want of memory: the distribution's limit is 64 MiB",
  );
  // The same start of the distro: its init was not the victim.
  const after = await inSmall("cat /dev/shm/before");
  expect([after.text, after.stderr]).toEqual(["here", ""]);
  const ended = new Promise((resolve) => bystander.once("close", resolve));
  bystander.stdin?.end("life\n");
  expect(await ended).toBe(0);
  expect(Buffer.concat(said).toString()).toBe("got life\n");
});

test("processes beyond the limit are not made; a new limit holds at once", async () => {
  const many = "i=0; while [ $i -lt 40 ]; do sleep 1000 & i=$((i+1)); done; echo all; kill $(jobs -p)";
  const refused = await inSmall(many);
  expect(refused.text).not.toContain("all");
  expect(refused.stderr).toMatch(/fork/i);
  await shared().ok(["terminate", "small"]);
  expect((await inSmall("true")).status).toBe(0);
  await shared().ok(["set", "small", "--pids", "none"]);
  expect((await inSmall(many)).text).toBe("all");
});

test("processor time is shared out as the limit says", async () => {
  await shared().ok(["set", "small", "--cpus", "0.2"]);
  const measured = await inSmall(`read before rest < /proc/uptime
i=0; while [ $i -lt 10000 ]; do i=$((i+1)); done
read after rest < /proc/uptime; echo $before $after; times`);
  const [uptimes = "", spent = ""] = measured.text.split("\n");
  const [before = 0, after = 0] = uptimes.split(" ").map(Number);
  const [, minutes, seconds] = /^(\d+)m([\d.]+)s/.exec(spent) ?? [];
  const share = (Number(minutes) * 60 + Number(seconds)) / (after - before);
  expect(share).toBeGreaterThan(0);
  // Without a limit it is one processor's; a busy host only makes it smaller.
  expect(share).toBeLessThan(0.5);
  expect(await shared().ok(["set", "small", "--cpus", "none"])).toBe("cpus  none");
});

test("memory: a limit below what is in use is refused; another holds at once and after a restart", async () => {
  const instance = shared();
  expect((await inSmall(FILL)).status).toBe(0);
  const refused = await instance.run(["set", "small", "--memory", "32M"]);
  expect([refused.status, refused.stderr]).toEqual([5, expect.stringContaining("more than the new limit")]);
  expect(await instance.json(["set", "small"])).toMatchObject({ limits: { memoryMiB: 64 } });
  await inSmall("rm /dev/shm/filled");
  await instance.ok(["set", "small", "--memory", "32M"]);
  expect((await inSmall(FILL)).stderr).toContain("the distribution's limit is 32 MiB");
  await instance.ok(["terminate", "small"]);
  expect((await inSmall(FILL)).stderr).toContain("the distribution's limit is 32 MiB");
  await instance.ok(["terminate", "small"]);
  expect(await instance.ok(["set", "small", "--memory", "none"])).toBe("memory  none");
  expect((await inSmall(FILL)).status).toBe(0);
});

test("limits that cannot be are refused with the reason, and an installation with one leaves nothing", async () => {
  const instance = shared();
  const large = await instance.run(["set", "debian", "--memory", "9999G"]);
  expect([large.status, large.stderr]).toEqual([
    2,
    expect.stringContaining("more memory than the virtual machine has"),
  ]);
  const install = ["install", "--from-file", "/dev/null", "--name", "none", "--pids", "1"];
  const refused = await instance.run(install);
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining("limited to 1 processes")]);
  expect((await instance.ok(["list", "-q"])).split("\n")).toEqual(["debian", "small"]);
  expect((await inDebian("true")).status).toBe(0);
});
