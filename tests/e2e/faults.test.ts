import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { inDebian, shared } from "../support/debian.ts";
import { killInit } from "../support/kill-init.ts";
import { processesOf } from "../support/leaks.ts";
import { startLong } from "../support/long-command.ts";
import { vmProcesses } from "../support/vm-processes.ts";

interface Status {
  readonly vm: { state: string; id: string | null };
  readonly daemon: { pid: number };
}

const status = (): Promise<Status> => shared().json<Status>(["status"]);

/** QEMU's process of the shared instance. */
function qemu(): number {
  const found = vmProcesses(shared().home);
  expect(found).toHaveLength(1);
  return found[0] ?? 0;
}

async function stillWorks(): Promise<void> {
  expect((await inDebian("echo works")).text).toBe("works");
  qemu();
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  // The test's own time limit is the deadline.
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 100));
}

/** Commands that run in the distro and match a pattern, which must not match itself. */
const running = async (text: string): Promise<string> =>
  (await inDebian(`grep -la '${text}' /proc/[0-9]*/cmdline 2>/dev/null`)).text;

describe("what dies under a running command is named, and the next command works", () => {
  afterEach(stillWorks);

  test("the virtual machine", async () => {
    const { ended } = await startLong(shared(), "debian");
    process.kill(qemu(), "SIGKILL");
    expect(await ended).toMatchObject({
      status: 125,
      stderr:
        "tswsl: the virtual machine died: its process ended unexpectedly\n" +
        "  → The next command starts it again. What happened: tswsl logs\n",
    });
  });

  test("the virtual machine, in the middle of a flood of output", async () => {
    const { client, ended } = await startLong(shared(), "debian", "cat /dev/zero");
    client.stdout?.resume();
    await new Promise((resolve) => setTimeout(resolve, 500));
    process.kill(qemu(), "SIGKILL");
    expect(await ended).toMatchObject({ status: 125, stderr: expect.stringContaining("machine died") });
  });

  test("the virtual machine, under a verb", async () => {
    await inDebian("true");
    // Stopped first, so that the request is under way when it dies.
    const pid = qemu();
    process.kill(pid, "SIGSTOP");
    const terminating = shared().run(["terminate", "debian"]);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    process.kill(pid, "SIGKILL");
    expect(await terminating).toMatchObject({ status: 10, stderr: expect.stringContaining("machine died") });
  });

  test("the daemon", async () => {
    const { ended } = await startLong(shared(), "debian");
    process.kill((await status()).daemon.pid, "SIGKILL");
    expect(await ended).toMatchObject({
      status: 125,
      stderr: "tswsl: the daemon died\n  → See why: tswsl logs. The next command starts it again.\n",
    });
  });

  test("the daemon, told to stop", async () => {
    const { ended } = await startLong(shared(), "debian");
    process.kill((await status()).daemon.pid, "SIGTERM");
    expect(await ended).toMatchObject({ status: 125, stderr: /^tswsl: the daemon was stopped\n {2}→ / });
  });

  test("the distribution's init", async () => {
    const { ended } = await startLong(shared(), "debian");
    const killer = await startLong(shared(), "debian", killInit);
    for (const end of [ended, killer.ended]) {
      expect(await end).toMatchObject({
        status: 125,
        stderr: expect.stringContaining(
          "the distribution died: its init (process 1) was killed by signal 11",
        ),
      });
    }
  });

  test("the distribution, stopped by somebody else", async () => {
    const { ended } = await startLong(shared(), "debian");
    await shared().ok(["terminate", "debian"]);
    expect(await ended).toMatchObject({
      status: 125,
      stderr: expect.stringContaining("the distribution was stopped"),
    });
  });

  test("everything, shut down by force", async () => {
    const { ended } = await startLong(shared(), "debian");
    await shared().ok(["shutdown", "--force"]);
    expect(await ended).toMatchObject({
      status: 125,
      stderr: expect.stringContaining("the virtual machine was shut down"),
    });
  });
});

test("with a guest that does not answer, everything ends at its deadline, and looking is not held up", async () => {
  const instance = shared();
  await inDebian("true");
  const { ended } = await startLong(instance, "debian");
  const pid = qemu();
  process.kill(pid, "SIGSTOP");
  try {
    const [command, terminated, list, state] = await Promise.all([
      instance.run(["-d", "debian", "-e", "true"]),
      instance.run(["terminate", "debian"]),
      // Less than the 15 s that a call of the guest takes before it gives up.
      instance.run(["list", "-v"], { timeoutMs: 14_000 }),
      instance.run(["status"], { timeoutMs: 14_000 }),
    ]);
    await instance.ok(["shutdown", "--force"]);
    // Whether the command or the stop came first, and so which of them waits for the other, is open.
    expect(command).toMatchObject({
      status: 125,
      stderr: expect.stringMatching(
        /(not answered for|timed out after) \d+ s.*\n {2}→ .*tswsl shutdown --force/,
      ),
    });
    expect(terminated).toMatchObject({ status: 9, stderr: expect.stringContaining("timed out after") });
    expect(list).toMatchObject({ status: 0, text: expect.stringContaining("debian") });
    expect(state).toMatchObject({ status: 0, text: expect.stringContaining("does not answer") });
  } finally {
    if (vmProcesses(instance.home).includes(pid)) process.kill(pid, "SIGCONT");
  }
  expect((await ended).status).toBe(125);
  await stillWorks();
});

test("when the client is killed, its command is hung up", async () => {
  const { client, ended } = await startLong(shared(), "debian", "exec sleep 4321");
  expect(await running("[4]321")).not.toBe("");
  client.kill("SIGKILL");
  expect(await ended).toMatchObject({ signal: "SIGKILL" });
  await until(async () => (await running("[4]321")) === "");
});

test("a client that is killed while it waits for the VM leaves no command behind", async () => {
  await shared().ok(["shutdown"]);
  const client = shared().spawn(["-d", "debian", "-e", "sh", "-c", "touch /root/late"]);
  await until(async () => (await status()).vm.state === "starting");
  client.kill("SIGKILL");
  await once(client, "close");
  expect((await inDebian("sleep 1; ls /root/late")).status).not.toBe(0);
});

test("while something holds a dead daemon's lock, no second one starts", async () => {
  const instance = shared();
  await instance.stop();
  // As QEMU would, if it outlived its daemon: it inherits the lock.
  const lock = join(instance.home, "run/tswsld.lock");
  const holder = spawn("flock", [lock, "sleep", "1000"], { stdio: "ignore", detached: true });
  try {
    await until(() => {
      try {
        execFileSync("flock", ["--nonblock", lock, "true"]);
        return false;
      } catch {
        return true;
      }
    });
    const refused = await instance.run(["list"]);
    expect(refused).toMatchObject({ status: 9, stderr: expect.stringContaining(`still holds ${lock}`) });
    expect(processesOf(instance.home).filter(({ command }) => command.includes("daemon.mjs"))).toEqual([]);
  } finally {
    if (holder.pid !== undefined) process.kill(-holder.pid, "SIGKILL");
  }
  expect((await inDebian("echo works")).text).toBe("works");
});
