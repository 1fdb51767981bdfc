import { once } from "node:events";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { processesOf } from "../support/leaks.ts";
import { buildPlatform } from "../support/windows/platform-answers.ts";
import { bundleForWindows } from "../support/windows/suite/run-suite.ts";
import { toWindowsPath } from "../support/windows/windows-paths.ts";
import { WinePrefix } from "../support/windows/wine-prefix.ts";

const directory = await mkdtemp(join(tmpdir(), "tswsl-pipes-"));
const prefix = await WinePrefix.make();

afterAll(async () => {
  await prefix.close();
  await rm(directory, { recursive: true });
});

/**
 * The product's own code in node.exe, with a program in QEMU's place that makes its pipes as QEMU does: one after the other,
 * each waiting for its client.
 */
test("on Windows QEMU's pipes carry QMP's neighbours, and QEMU ends with its owner", async () => {
  const program = await bundleForWindows("qemu-pipes", join(directory, "program"));
  // A path of its own, by which its processes are found.
  const binary = join(directory, "qemu-pipes.exe");
  copyFileSync(join(await buildPlatform(), "qemu-pipes.exe"), binary);
  const results = join(directory, "results.json");
  const output = join(directory, "output.txt");
  const child = prefix.start({
    program: prefix.node,
    args: [program, binary, results].map(toWindowsPath),
    output,
  });
  await once(child, "exit");
  if (!existsSync(results)) throw new Error(readFileSync(output, "utf8"));
  expect(JSON.parse(readFileSync(results, "utf8"))).toMatchObject({
    greeting: expect.stringContaining('"QMP"'),
    echoes: ["through service 0", "through service 1"],
    consoleIsJoined: true,
  });
  // libuv's job object: nothing else ends it, for its owner did not.
  const deadline = Date.now() + 20_000;
  const running = () => processesOf("qemu-pipes.exe").filter(({ command }) => command.includes("-chardev"));
  while (running().length > 0 && Date.now() < deadline) await delay(50);
  expect(running()).toEqual([]);
});
