import { createReadStream, readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { inDebian, shared } from "../support/debian.ts";
import type { Instance } from "../support/instance.ts";
import { tinyRoot } from "../support/tiny-root.ts";
import { vmProcesses } from "../support/vm-processes.ts";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

let directory: string;
let archive: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "tswsl-test-"));
  archive = tinyRoot(directory);
  return () => rm(directory, { recursive: true });
});

interface Ended {
  readonly status: number | null;
  readonly stderr: string;
}

interface Import {
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly ended: Promise<Ended>;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  // The test's own time limit is the deadline.
  while (!(await condition())) await new Promise((done) => setTimeout(done, 100));
}

const names = async (): Promise<string[]> => (await shared().ok(["list", "--all", "-q"])).split("\n");

/** An import that has got half of its archive and waits for the rest. */
async function halfAnImport(instance: Instance, name: string): Promise<Import> {
  const client = instance.spawn(["install", "--from-file", "-", "--name", name]);
  let stderr = "";
  client.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  client.stdin?.on("error", () => undefined);
  const { promise: ended, resolve } = Promise.withResolvers<Ended>();
  client.once("close", (status) => resolve({ status, stderr }));
  client.stdin?.write(readFileSync(archive).subarray(0, 1_500_000));
  await until(async () => (await names()).includes(name));
  // tar is at work.
  await until(() => stderr.includes("Unpacking") || client.exitCode !== null);
  return { signal: (signal) => client.kill(signal), ended };
}

/** The name is free and nothing of the half import is in the way: a whole one takes its place, runs, and goes. */
async function installsAgain(name: string): Promise<void> {
  await until(async () => !(await names()).includes(name));
  await shared().ok(["install", "--from-file", archive, "--name", name]);
  expect(await shared().ok(["-d", name, "-e", "cat", "/etc/os-release"])).toContain("ID=tiny");
  await shared().ok(["unregister", name, "--yes"]);
  expect((await inDebian("echo intact")).text).toBe("intact");
}

describe("in the middle of an import", () => {
  test("Ctrl-C", async () => {
    const { signal, ended } = await halfAnImport(shared(), "half");
    signal("SIGINT");
    expect(await ended).toMatchObject({
      status: 130,
      stderr: expect.stringContaining("cancelled: half is not installed"),
    });
    await installsAgain("half");
  });

  test("the client is killed", async () => {
    const { signal, ended } = await halfAnImport(shared(), "half");
    signal("SIGKILL");
    expect((await ended).status).toBe(null);
    await installsAgain("half");
  });

  test("the virtual machine dies", async () => {
    const { ended } = await halfAnImport(shared(), "half");
    for (const pid of vmProcesses(shared().home)) process.kill(pid, "SIGKILL");
    expect(await ended).toMatchObject({
      status: 10,
      stderr: expect.stringContaining("the virtual machine died: its process ended unexpectedly"),
    });
    await installsAgain("half");
  });

  test("the daemon is killed", async () => {
    const { ended } = await halfAnImport(shared(), "half");
    const { daemon } = await shared().json<{ daemon: { pid: number } }>(["status"]);
    process.kill(daemon.pid, "SIGKILL");
    expect(await ended).toMatchObject({ status: 10, stderr: expect.stringContaining("the daemon died") });
    await installsAgain("half");
  });
});

test("two installs and ten commands at the same time", async () => {
  const instance = shared();
  const installs = ["one", "two"].map((name) => {
    const child = instance.spawn(["install", "--from-file", "-", "--name", name]);
    if (child.stdin) createReadStream(archive).pipe(child.stdin);
    return new Promise((resolve) => child.once("close", resolve));
  });
  const commands = Array.from({ length: 10 }, (_, n) => inDebian(`echo ${n}; sleep 1; exit ${n}`));
  const results = await Promise.all(commands);
  expect(results.map(({ status, text }) => [status, text])).toEqual(results.map((_, n) => [n, String(n)]));
  expect(await Promise.all(installs)).toEqual([0, 0]);
  for (const name of ["one", "two"]) {
    expect(await instance.ok(["-d", name, "-e", "uname"])).toBe("Linux");
    await instance.ok(["unregister", name, "--yes"]);
  }
});

test("two installs under one name: one is refused, the other is whole", async () => {
  const instance = shared();
  const { ended, signal } = await halfAnImport(instance, "twice");
  const second = await instance.run(["install", "--from-file", archive, "--name", "TWICE"]);
  expect(second).toMatchObject({ status: 5, stderr: expect.stringContaining("is being installed") });
  signal("SIGINT");
  await ended;
  await installsAgain("twice");
});
