import { createHash, randomBytes } from "node:crypto";
import { inject, expect, test } from "vitest";
import { resolve } from "node:path";
import { endSleeps, inDebian } from "../support/debian.ts";
import { Pty } from "../support/pty.ts";

const tswsl = (...args: string[]): Promise<Pty> =>
  Pty.start([resolve("bin/tswsl"), "-d", "debian", ...args], { TSWSL_HOME: inject("home") });
const script = (line: string): Promise<Pty> => tswsl("--", "sh", "-c", line);

const usual = { icanon: true, echo: true, isig: true, opost: true, icrnl: true };

test("a full-screen program's bytes reach the screen unchanged", async () => {
  await using pty = await script("stty raw; printf 'begin one\\ntwo end'; stty sane");
  expect(await pty.see(" end")).toContain("begin one\ntwo end");
  expect(await pty.end()).toMatchObject({ status: 0, mode: usual });
});

test("characters arrive whole, wherever they were cut on the way", async () => {
  await using pty = await script("stty -opost; yes 'aä€😀' | tr -d '\\n' | head -c 300003; echo; echo end");
  const seen = Buffer.from(await pty.see("\nend"), "latin1");
  const sample = Buffer.from("aä€😀");
  const expected = Buffer.concat([Buffer.alloc(300_003, sample), Buffer.from("\nend")]);
  expect(seen.subarray(-expected.length).equals(expected)).toBe(true);
});

test("a paste of 1 MiB arrives whole", async () => {
  await using pty = await script("stty raw -echo; echo ready; head -c 1048576 | sha256sum; stty sane");
  await pty.see("ready");
  const bytes = randomBytes(1024 * 1024);
  pty.type(bytes);
  await pty.see(createHash("sha256").update(bytes).digest("hex"));
  expect(await pty.end()).toMatchObject({ status: 0 });
});

test("new sizes reach a program that floods the screen, the last one at the end", async () => {
  const flood = "while [ ! -e /tmp/enough ]; do seq 1000; done; rm /tmp/enough; echo size $(stty size)";
  await using pty = await script(flood);
  await pty.see("999");
  for (let step = 0; step <= 50; step += 1) {
    pty.resize(20 + step, 90 + step);
    await pty.see("999");
  }
  await inDebian("touch /tmp/enough");
  await pty.see("size 70 140");
  expect(await pty.end()).toMatchObject({ status: 0 });
});

test("Ctrl-C ends the foreground job; the shell and its background job go on", async () => {
  await using pty = await tswsl();
  await pty.see("# ");
  pty.type("sleep 1001 &\n");
  pty.type("sh -c 'echo read''y; exec cat'\n");
  await pty.see("ready");
  pty.type("\u0003");
  pty.type("echo status $? $(jobs -r)\n");
  await pty.see(/status 130 \[1\]\+ Running sleep 1001/);
  pty.type("kill %1; exit 3\n");
  expect(await pty.end()).toMatchObject({ status: 3, mode: usual });
});

test("a closed window hangs up the foreground job; nohup and setsid live on; tswsl ends with 129", async () => {
  await using pty = await tswsl();
  await pty.see("# ");
  pty.type("nohup sh -c 'touch /tmp/away1; exec sleep 1011' >/dev/null 2>&1 &\n");
  pty.type("setsid sh -c 'touch /tmp/away2; exec sleep 1012' &\n");
  pty.type("while [ ! -e /tmp/away1 ] || [ ! -e /tmp/away2 ]; do sleep 0.1; done; rm /tmp/away?\n");
  pty.type("sh -c 'trap \"touch /tmp/hung-up; exit\" HUP; echo read''y; while :; do sleep 0.1; done'\n");
  await pty.see("ready");
  pty.close();
  expect(await pty.end()).toEqual({ status: 129, mode: undefined });
  await inDebian("while [ ! -e /tmp/hung-up ]; do sleep 0.1; done; rm /tmp/hung-up");
  expect(await endSleeps("101[12]")).toBe(2);
});

test.each([
  ["SIGTERM", 1, 143],
  ["SIGHUP", 1, 129],
  ["SIGINT", 3, 130],
] as const)("the terminal is as before when %s (%d times) ends tswsl", async (signal, times, status) => {
  await using pty = await script("trap '' HUP INT TERM; echo ready; sleep 3");
  await pty.see("ready");
  expect(await pty.mode()).toMatchObject({ icanon: false, echo: false, isig: false, opost: false });
  for (let count = 0; count < times; count += 1) {
    pty.kill(signal);
    // Signals of one kind that are not delivered yet are one.
    await new Promise((done) => setTimeout(done, 100));
  }
  expect(await pty.end()).toMatchObject({ status, mode: usual });
});
