import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { shared } from "../support/debian.ts";
import { Instance } from "../support/instance.ts";
import { startLong } from "../support/long-command.ts";
import { noSmallDisk, SmallDisk } from "../support/small-disk.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { tinyRoot } from "../support/tiny-root.ts";

const top = resolve(import.meta.dirname, "../..");

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  // The test's own time limit is the deadline.
  while (!(await condition())) await new Promise((done) => setTimeout(done, 100));
}

describe.skipIf(noSmallDisk)(`a disk that is full${noSmallDisk ? ` (skipped: ${noSmallDisk})` : ""}`, () => {
  test("ends an import in the middle, stops the VM without an error, and nothing is lost", async () => {
    const disk = new SmallDisk(800);
    const instance = new Instance(disk.path);
    onTestFinished(() => instance.stop());
    // Trying the accelerators has nothing to do with it.
    copyFileSync(join(shared().home, "accelerator.json"), join(disk.path, "accelerator.json"));
    const archive = tinyRoot(await temporaryDirectory());

    disk.leave(200);
    const refused = await instance.run(["install", "--from-file", archive, "--name", "tiny"]);
    expect(refused).toMatchObject({
      status: 8,
      stderr: expect.stringMatching(/the disk that holds .* is too full: .*\n {2}→ Free some space/),
    });

    disk.leave(700);
    await instance.ok(["install", "--from-file", archive, "--name", "tiny"]);
    const upload = instance.spawn(["install", "--from-file", "-", "--name", "cut"]);
    let complaint = "";
    upload.stderr?.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
    const ended = new Promise((done) => upload.once("close", done));
    upload.stdin?.on("error", () => undefined);
    upload.stdin?.write(readFileSync(archive).subarray(0, 1_000_000));
    await until(async () => (await instance.ok(["list", "--all", "-q"])).includes("cut"));
    disk.leave(100);
    expect(await ended).toBe(8);
    expect(complaint).toMatch(/is too full: \d+ MiB are free, 256 MiB are needed/);
    expect(await instance.ok(["list", "--all", "-q"])).toBe("tiny");

    // What a distro writes stops the machine when there is no room: it waits, and so do those who ask it.
    const writer = await startLong(
      instance,
      "tiny",
      "head -c 150000000 /dev/zero | tr '\\0' x > /root/big && sync && exit 7",
    );
    disk.leave(2);
    await until(async () => {
      const { vm } = await instance.json<{ vm: { memoryTotal: number | null } }>(["status"]);
      return vm.memoryTotal === null;
    });
    const asked = await instance.run(["-d", "tiny", "-e", "true"]);
    expect(asked).toMatchObject({
      status: 125,
      stderr: expect.stringMatching(/the virtual machine waits: the disk that holds .* is full\n {2}→ Free/),
    });
    expect(await instance.ok(["list", "-q"])).toBe("tiny");
    disk.leave(600);
    expect(await writer.ended).toMatchObject({ status: 7 });
    expect(await instance.ok(["-d", "tiny", "-e", "sh", "-c", "head -c 150000001 /root/big | tr -d x"])).toBe(
      "",
    );
    await instance.ok(["install", "--from-file", archive, "--name", "cut"]);
    expect(await instance.ok(["-d", "cut", "-e", "cat", "/etc/os-release"])).toContain("ID=tiny");
  }, 300_000);

  test("is found out before the kernel is built", () => {
    const disk = new SmallDisk(50);
    const cache = join(disk.path, "cache");
    const built = spawnSync(process.execPath, [join(top, "scripts/build-kernel.ts")], {
      env: { ...process.env, TSWSL_CACHE: cache },
      encoding: "utf8",
    });
    expect(built).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(
        /building the kernel needs 2\.6 GB .* has 0\.\d GB free\n {2}what to do: free/,
      ),
    });
    expect(existsSync(join(cache, "kernel")) ? readdirSync(join(cache, "kernel")) : []).toEqual([]);
    const setup = `. ${join(top, "scripts/setup.sh")}; need_space ${cache} 4096 "Building the kernel"`;
    const asked = spawnSync("bash", ["-c", setup], { encoding: "utf8" });
    expect(asked).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(
        /takes about 4096 MiB in .*, and \d+ MiB are free\.\n {2}→ Free some space/,
      ),
    });
  });
});
