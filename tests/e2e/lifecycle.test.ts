import { execFileSync } from "node:child_process";
import { createReadStream, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inDebian, shared } from "../support/debian.ts";
import { Instance } from "../support/instance.ts";
import { openFiles, processesOf } from "../support/leaks.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

interface Listed {
  readonly distros: readonly {
    name: string;
    state: string;
    default: boolean;
    flavor: string;
    keepAlive: boolean;
  }[];
}

interface Status {
  readonly vm: { state: string; id: string | null };
  readonly daemon: { pid: number };
}

async function stateOf(instance: Instance, name: string): Promise<string | undefined> {
  const { distros } = await instance.json<Listed>(["list"]);
  return distros.find((distro) => distro.name === name)?.state;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  // The test's own time limit is the deadline.
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 200));
}

test("terminate stops one distro and its commands; the next command starts it again", async () => {
  const instance = shared();
  const sleeping = instance.run(["-d", "debian", "-e", "sleep", "1000"]);
  await until(async () => (await inDebian("grep -lz sleep /proc/[0-9]*/cmdline")).text !== "");
  await instance.ok(["terminate", "debian"]);
  const ended = await sleeping;
  expect(ended.status).not.toBe(0);
  expect(await stateOf(instance, "debian")).toBe("stopped");
  expect((await inDebian("echo again")).text).toBe("again");
  expect(await stateOf(instance, "debian")).toBe("running");
});

test("shutdown stops the VM; what was written is there after the next start", async () => {
  const instance = shared();
  await inDebian("echo kept > /root/kept");
  const before = await instance.json<Status>(["status"]);
  await instance.ok(["shutdown"]);
  expect((await instance.json<Status>(["status"])).vm.state).toBe("stopped");
  expect((await inDebian("cat /root/kept")).text).toBe("kept");
  const after = await instance.json<Status>(["status"]);
  expect(after.vm.id).not.toBe(before.vm.id);
  expect(after.daemon.pid).toBe(before.daemon.pid);
});

test("a forced shutdown loses nothing that was synced", async () => {
  await inDebian("echo synced > /root/synced; sync");
  await shared().ok(["shutdown", "--force"]);
  expect((await inDebian("cat /root/synced")).text).toBe("synced");
});

test("an idle distro is stopped, then the VM; keep-alive keeps both", async () => {
  const instance = shared();
  await instance.ok(["set", "--distro-idle", "1s", "--vm-idle", "1s"]);
  try {
    // What a command leaves behind does not count as one.
    await inDebian("setsid nohup sleep 1000 > /dev/null 2>&1 < /dev/null &");
    await until(async () => (await instance.json<Status>(["status"])).vm.state === "stopped");
    expect(await stateOf(instance, "debian")).toBe("stopped");
    await instance.ok(["set", "debian", "--keep-alive", "on"]);
    await inDebian("true");
    await new Promise((resolve) => setTimeout(resolve, 4000));
    expect(await stateOf(instance, "debian")).toBe("running");
  } finally {
    await instance.ok(["set", "debian", "--keep-alive", "off"]);
    await instance.ok(["set", "--distro-idle", "15s", "--vm-idle", "60s"]);
  }
});

test("wsl.conf decides user, hostname, boot command and generated files", async () => {
  const instance = shared();
  await inDebian(`id tester >/dev/null 2>&1 || useradd -m tester
cat > /etc/wsl.conf <<END
[user]
default = tester
[network]
hostname = chosen
generateHosts = false
[boot]
command = echo booted > /run/booted
[foo]
a = 1
END
echo mine > /etc/hosts`);
  await instance.ok(["terminate", "debian"]);
  try {
    const first = await instance.run(["-d", "debian", "-e", "id", "-un"]);
    expect(first.text).toBe("tester");
    expect(first.stderr).toContain("Unknown key 'foo.a' in /etc/wsl.conf:9");
    expect(await instance.ok(["-d", "debian", "-e", "hostname"])).toBe("chosen");
    expect(await instance.ok(["-d", "debian", "-e", "cat", "/etc/hosts"])).toBe("mine");
    await until(
      async () => (await instance.run(["-d", "debian", "-e", "cat", "/run/booted"])).text === "booted",
    );
    expect(await instance.ok(["-d", "debian", "-u", "root", "-e", "id", "-un"])).toBe("root");
  } finally {
    await instance.ok(["-d", "debian", "-u", "root", "-e", "rm", "/etc/wsl.conf"]);
    await instance.ok(["terminate", "debian"]);
  }
});

test("distros are installed from archives of every kind and from a pipe, listed, and unregistered", async () => {
  const instance = shared();
  const directory = await temporaryDirectory();
  const tar = join(directory, "debian.tar");
  const packed = instance.spawn([
    "-d",
    "debian",
    "--",
    "tar",
    "-C",
    "/",
    "--one-file-system",
    "-cf",
    "-",
    "bin",
    "etc",
    "lib",
    "lib64",
    "usr/bin",
    "usr/lib64",
    "usr/lib/os-release",
    "usr/lib/x86_64-linux-gnu",
  ]);
  packed.stdin?.end();
  const written = new Promise((resolve) => packed.once("close", resolve));
  const chunks: Buffer[] = [];
  packed.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
  await written;
  writeFileSync(tar, Buffer.concat(chunks));
  execFileSync("zstd", ["-q", "-1", tar, "-o", `${tar}.zst`]);
  execFileSync("gzip", ["-1", "-k", tar]);
  for (const [name, file] of [
    ["two", `${tar}.zst`],
    ["three", `${tar}.gz`],
  ] as const) {
    await instance.ok(["install", "--from-file", file, "--name", name]);
  }
  const child = instance.spawn(["install", "--from-file", "-", "--name", "four"]);
  if (child.stdin) createReadStream(tar).pipe(child.stdin);
  expect(await new Promise((resolve) => child.once("close", resolve))).toBe(0);
  const names = (await instance.ok(["list", "-q"])).split("\n");
  // Other files have distros of their own here.
  expect(names).toEqual(expect.arrayContaining(["debian", "two", "three", "four"]));
  for (const name of ["two", "three", "four"]) {
    expect(await instance.ok(["-d", name, "-e", "cat", "/etc/debian_version"])).toMatch(/^\d+/);
    const unasked = await instance.run(["unregister", name]);
    expect(unasked.status).toBe(2);
    await instance.ok(["unregister", name, "--yes"]);
  }
  expect((await instance.ok(["list", "-q"])).split("\n")).not.toContain("four");
}, 400_000);

test("after many commands the daemon holds no more descriptors than before", async () => {
  const instance = shared();
  const { daemon } = await instance.json<Status>(["status"]);
  await inDebian("true");
  const before = openFiles(daemon.pid).length;
  for (let n = 0; n < 20; n++) await inDebian("true");
  await until(async () => openFiles(daemon.pid).length <= before);
});

test("when the daemon is killed, QEMU goes with it and the next command works", async () => {
  const instance = shared();
  await inDebian("true");
  const { daemon } = await instance.json<Status>(["status"]);
  process.kill(daemon.pid, "SIGKILL");
  await until(async () => !processesOf(instance.home).some(({ command }) => command.includes("qemu-system")));
  expect((await inDebian("echo back")).text).toBe("back");
});
