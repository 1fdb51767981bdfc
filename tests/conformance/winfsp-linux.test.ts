import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Volume } from "../../native/winfsp/native.d.ts";
import { mountsBelow, processesOf } from "../support/leaks.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { linuxAddon } from "../support/winfsp/linux-addon.ts";
import { type Content, OneFolder } from "../support/winfsp/one-folder.ts";

// winfsp.node against this kernel's own FUSE; the programs that look at it are in other processes, as they have to be: a call
// of this process that waits for its own event loop would wait until the deadline.
const run = promisify(execFile);
const addon = await linuxAddon();
const missing = existsSync("/dev/fuse") ? addon.whatIsMissing() : "this machine has no /dev/fuse";

interface Shown {
  readonly point: string;
  readonly volume: Volume;
  readonly folder: OneFolder;
}

async function show(files: Readonly<Record<string, Content>>, deadlineMs = 5000): Promise<Shown> {
  const point = await temporaryDirectory();
  const folder = new OneFolder(files);
  const options = {
    mountPoint: point,
    prefix: "",
    fileSystemName: "a, b",
    deadlineMs,
    attributeTimeoutMs: 0,
  };
  const volume = addon.createVolume(options, (request) => folder.serve(volume, request));
  // Before the directory is removed: what was registered last is run first.
  onTestFinished(() => volume.unmount());
  expect(await volume.mount()).toEqual({ error: 0, message: "" });
  return { point, volume, folder };
}

async function failure(program: string, ...args: string[]): Promise<string> {
  const { stderr } = await run(program, args, { env: { ...process.env, LC_ALL: "C" } }).then(
    () => ({ stderr: "" }),
    // What execFile rejects with has the output.
    (error: { stderr: string }) => error,
  );
  return stderr;
}

test.skipIf(missing !== null)(`programs see what JavaScript serves (${missing ?? "with FUSE"})`, async () => {
  const { point } = await show({ hello: "hello, world\n", "n\u00e4me": "x" });
  expect((await run("cat", [join(point, "hello")])).stdout).toBe("hello, world\n");
  const { stdout } = await run("stat", ["-c", "%s %a %U %.9Y", join(point, "hello")]);
  expect(stdout.trim()).toBe("13 644 root 1700000000.123456789");
  const names = await readdir(point, { encoding: "buffer" });
  expect(names.map((name) => name.toString("latin1")).toSorted()).toEqual(["hello", "n\u00e4me"]);
  const [, line = ""] = (await run("df", ["--output=source,size,avail", point])).stdout.split("\n");
  expect(line.replaceAll(/ +/g, " ")).toBe("a, b 4000 1600");
});

test.skipIf(missing !== null)(
  "what never gets an answer ends at the deadline, and a late one is taken by nobody",
  async () => {
    const { point, volume, folder } = await show({ file: "x", hangs: undefined }, 300);
    expect(await failure("stat", join(point, "hangs"))).toContain("Connection timed out");
    const asked = folder.requests.find(({ op }) => op === "lookup");
    await vi.waitFor(() => expect(folder.requests).toContainEqual({ op: "cancel", id: asked?.id, node: 0 }));
    expect(volume.succeed(asked?.id ?? 0, { node: 9, attributes: {} })).toBe(0);
    expect((await run("cat", [join(point, "file")])).stdout).toBe("x");
  },
);

test.skipIf(missing !== null)("a request may be given more time", async () => {
  const { point, volume, folder } = await show({ hangs: undefined }, 300);
  const failed = failure("stat", join(point, "hangs"));
  await vi.waitFor(() => expect(folder.requests.some(({ op }) => op === "lookup")).toBe(true));
  const { id } = folder.requests.find(({ op }) => op === "lookup") ?? { id: 0 };
  volume.extend(id, 60_000);
  await new Promise((resolve) => setTimeout(resolve, 600));
  volume.fail(id, 13);
  expect(await failed).toContain("Permission denied");
});

test.skipIf(missing !== null)(
  "callers are answered while the event loop is blocked, and JavaScript is not asked any more",
  async () => {
    const { point, folder } = await show({ file: "x" }, 300);
    const child = spawn("stat", [join(point, "other")], { stdio: ["ignore", "ignore", "pipe"] });
    const said = once(child.stderr, "data");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000);
    expect(String((await said)[0])).toMatch(/timed out/);
    expect(folder.requests).not.toContainEqual(expect.objectContaining({ op: "lookup", path: "other" }));
  },
);

test.skipIf(missing !== null)("a caller that is killed does not wait", async () => {
  const { point, folder } = await show({ hangs: undefined }, 3_600_000);
  const child = spawn("stat", [join(point, "hangs")], { stdio: "ignore" });
  await vi.waitFor(() => expect(folder.requests.some(({ op }) => op === "lookup")).toBe(true));
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([null, "SIGINT"]);
  await vi.waitFor(() => expect(folder.requests.some(({ op }) => op === "cancel")).toBe(true));
});

test.skipIf(missing !== null)("a caller that survives its signals gets its answer", async () => {
  const { point, volume, folder } = await show({ hangs: undefined }, 60_000);
  const script = `
import os, signal, sys
signal.signal(signal.SIGALRM, lambda *_: None)
signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
try: os.stat(sys.argv[1])
except OSError as error: print(error.errno)
signal.setitimer(signal.ITIMER_REAL, 0)`;
  const output = run("python3", ["-c", script, join(point, "hangs")]);
  await vi.waitFor(() => expect(folder.requests.some(({ op }) => op === "lookup")).toBe(true));
  await new Promise((resolve) => setTimeout(resolve, 500));
  for (const { op, id } of folder.requests) if (op === "lookup") volume.fail(id, 13);
  expect((await output).stdout.trim()).toBe("13");
  expect(folder.requests.some(({ op }) => op === "cancel")).toBe(false);
});

test.skipIf(missing !== null)(
  "unmounting waits for nobody: not for open files, and not for a request without an answer",
  async () => {
    const { point, volume, folder } = await show({ file: "x".repeat(100), hangs: undefined }, 3_600_000);
    // In another process: one that ends with a file of its own mount open waits for itself.
    const reader = spawn("sh", [
      "-c",
      'exec 3<"$1"; echo opened; read -r _; cat <&3',
      "sh",
      join(point, "file"),
    ]);
    await once(reader.stdout, "data");
    const waiting = failure("stat", join(point, "hangs"));
    await vi.waitFor(() =>
      expect(folder.requests.some((r) => r.op === "lookup" && r.path === "hangs")).toBe(true),
    );
    await volume.unmount();
    expect(await waiting).toContain("not connected");
    reader.stdin.end("\n");
    expect(await text(reader.stderr)).toMatch(/not connected|abort/);
    expect(mountsBelow(point)).toEqual([]);
    expect(await readdir(point)).toEqual([]);
    await vi.waitFor(() => expect(processesOf(point)).toEqual([]));
    await volume.unmount();
  },
);

test.skipIf(missing !== null)("what somebody else unmounts is told", async () => {
  const { point, folder } = await show({ file: "x" });
  await run("fusermount3", ["-u", point]);
  await vi.waitFor(() => expect(folder.requests.some(({ op }) => op === "unmounted")).toBe(true));
});

test.skipIf(missing !== null)("a folder that is not there cannot be mounted on", async () => {
  const point = join(await temporaryDirectory(), "absent");
  const options = {
    mountPoint: point,
    prefix: "",
    fileSystemName: "x",
    deadlineMs: 1,
    attributeTimeoutMs: 0,
  };
  const volume = addon.createVolume(options, () => {});
  const outcome = await volume.mount();
  expect(outcome).toMatchObject({ error: 2 });
  expect(outcome.message).toContain(point);
  await volume.unmount();
  await expect(async () => volume.mount()).rejects.toThrow("mounted once");
});

test("what is not what the addon's types say is refused, and the request can still be answered", async () => {
  expect(() => addon.createVolume({} as never, () => {})).toThrow(TypeError);
  const options = { mountPoint: "", prefix: "", fileSystemName: "", deadlineMs: 1, attributeTimeoutMs: 0 };
  expect(() => addon.createVolume(options, "no" as never)).toThrow(TypeError);
  const volume = addon.createVolume(options, () => {});
  expect(() => volume.fail(1, 0)).toThrow(RangeError);
  expect(() => volume.succeed(-1)).toThrow(TypeError);
  expect(volume.succeed(1)).toBe(0);
  await volume.unmount();
});
