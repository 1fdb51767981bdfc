import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Result } from "../support/instance.ts";
import { shared } from "../support/windows/shared-windows.ts";
import { windowsBuild } from "../support/windows/windows-instance.ts";
import { toWindowsPath } from "../support/windows/windows-paths.ts";

const SERVICE = "tswsl";

async function sc(...args: readonly string[]): Promise<Result> {
  return (await shared()).runProgram("sc.exe", args);
}

/** What sc says of the service: `RUNNING`. */
async function state(): Promise<string | undefined> {
  return /STATE\s+: \d+\s+(\w+)/.exec((await sc("query", SERVICE)).text)?.[1];
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const giveUp = Date.now() + 30_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > giveUp) throw new Error(`${what} did not happen; ${(await shared()).logs}`);
    await delay(100);
  }
}

async function daemonPid(): Promise<number> {
  const { daemon } = await (await shared()).json<{ daemon: { pid: number } }>(["status"]);
  return daemon.pid;
}

async function serviceLog(): Promise<string> {
  const { prefix } = await shared();
  return readFile(join(prefix.path, "drive_c/tswsl-state/logs/service.log"), "utf8");
}

beforeAll(async () => {
  const instance = await shared();
  await instance.ok(["shutdown", "--daemon"]);
  const program = toWindowsPath(join(windowsBuild, "tswslsvc.exe"));
  const created = await sc("create", SERVICE, "binPath=", `"${program}" --home "${instance.home}"`);
  if (created.status !== 0) throw new Error(`sc create: ${created.text}${created.stderr}`);
});

afterAll(async () => {
  await sc("stop", SERVICE);
  await sc("delete", SERVICE);
});

test("the service brings the daemon up, which the user's client finds", async () => {
  expect((await sc("start", SERVICE)).status).toBe(0);
  await until("the service's start", async () => ((await state()) === "RUNNING" ? true : undefined));
  const [, started] = /daemon started, process (\d+)/.exec(await serviceLog()) ?? [];
  expect(await daemonPid()).toBe(Number(started));
  const { status, stderr, text } = await (await shared()).run(["-d", "debian", "--", "echo", "served"]);
  expect({ status, stderr, text }).toEqual({ status: 0, stderr: "", text: "served" });
});

test("a daemon that dies is started again", async () => {
  const instance = await shared();
  const before = await daemonPid();
  await instance.runProgram("taskkill.exe", ["/f", "/pid", String(before)]);
  await until("the daemon's second start", async () => {
    const starts = (await serviceLog()).match(/daemon started/g)?.length ?? 0;
    return starts >= 2 ? true : undefined;
  });
  expect(await serviceLog()).toMatch(/daemon ended with status \d+\n.*starting it again in 500 ms/);
  expect((await instance.run(["-d", "debian", "--", "true"])).status).toBe(0);
});

test("stopping the service ends the daemon, and everything that it has started", async () => {
  await sc("stop", SERVICE);
  await until("the service's stop", async () => ((await state()) === "STOPPED" ? true : undefined));
  expect(await serviceLog()).toMatch(/stopping as asked\n.*service stopped\n$/);
  const instance = await shared();
  const { text } = await instance.run(["shutdown"]);
  expect(text).toBe("Nothing is running.");
});

test("a daemon that was asked to end takes the service with it", async () => {
  await sc("start", SERVICE);
  await until("the service's start", async () => ((await state()) === "RUNNING" ? true : undefined));
  // Waits until the daemon listens.
  await daemonPid();
  await (await shared()).ok(["shutdown", "--daemon"]);
  await until("the service's end", async () => ((await state()) === "STOPPED" ? true : undefined));
  expect(await serviceLog()).toMatch(/daemon ended with status 100\n.*service stopped\n$/);
});
