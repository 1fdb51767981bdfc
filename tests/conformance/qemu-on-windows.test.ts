import { execFileSync, spawn } from "node:child_process";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { computeSystemDocument } from "../../src/vm/document.ts";
import { qemuArguments } from "../../src/vm/qemu/arguments.ts";
import type { Channels } from "../../src/vm/qemu/channels.ts";
import { findQemu } from "../../src/vm/qemu/find-qemu.ts";
import { QmpClient } from "../../src/vm/qemu/qmp.ts";
import { testKernel } from "../support/kernel.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const { signal } = new AbortController();

/**
 * What QEMU on Windows is given, given to QEMU on Linux, whose pipes are pairs of FIFOs with a path. The option syntax, the
 * devices and what they hang on are the same in both; WHPX and Windows's pipes are not.
 */
test("QEMU takes the command line with pipes, and has the machine it describes", async () => {
  const directory = await temporaryDirectory();
  const pipe = (name: string) => {
    const path = join(directory, name);
    execFileSync("mkfifo", [`${path}.in`, `${path}.out`]);
    return { kind: "pipe", name: path } as const;
  };
  const channels: Channels = { console: pipe("console"), services: [pipe("service")] };
  const file = (name: string): string => {
    const path = join(directory, `a, ${name}`);
    writeFileSync(path, Buffer.alloc(1024 * 1024));
    return path;
  };
  const kernel = join(directory, "a, kernel");
  // QEMU reads it before anything runs.
  symlinkSync(await testKernel(), kernel);
  const document = computeSystemDocument({
    kernel,
    initrd: file("initrd"),
    systemImage: file("systemImage"),
    store: file("store"),
    console: "\\\\.\\pipe\\console",
    memoryMiB: 256,
    processors: 1,
    adapter: { EndpointId: "6f0f7f2c-1c3c-4d53-9a3b-0d5f4b1b7a10", MacAddress: "00-15-5D-0A-0B-0C" },
    ports: [0x7473],
  });
  const args = qemuArguments({
    document,
    accelerator: { name: "tcg", tscKhz: 2_000_000 },
    networks: new Map(),
    channels,
    platform: "win32",
  });
  const { binary } = await findQemu(process.env["PATH"], signal);
  const qemu = spawn(binary, args, { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void qemu.kill("SIGKILL"));
  const qmp = new QmpClient({ input: qemu.stdout, output: qemu.stdin });
  await qmp.open(signal);
  // QAPI's ChardevInfo.
  const chardevs = (await qmp.execute("query-chardev", {}, signal)) as { label: string; filename: string }[];
  expect(chardevs.map(({ label }) => label).toSorted()).toEqual(["console", "qmp", "service-0"]);
  expect(chardevs.filter(({ filename }) => filename.startsWith("pipe"))).toHaveLength(2);
  // QAPI's BlockInfo.
  const disks = (await qmp.execute("query-block", {}, signal)) as { inserted?: { file: string } }[];
  expect(disks.map(({ inserted }) => inserted?.file)).toContain(join(directory, "a, store"));
  await qmp.execute("quit", {}, signal);
});
