import { describe, expect, test } from "vitest";
import { inDebian, shared } from "../support/windows/shared-windows.ts";

interface Distro {
  readonly name: string;
  readonly state: string;
  readonly isDefault: boolean;
}

interface Status {
  readonly vm: { readonly state: string };
  readonly store: { readonly path: string; readonly hostBytes: number };
  readonly daemon: { readonly pid: number; readonly uptimeSeconds: number };
}

async function stateOf(name: string): Promise<string | undefined> {
  const { distros } = await (await shared()).json<{ distros: Distro[] }>(["list"]);
  return distros.find((distro) => distro.name === name)?.state;
}

describe("distributions and the machine, by tswsl.exe", () => {
  test("HCS runs the machine", async () => {
    const { computeService } = await (await shared()).json<{ computeService: string }>(["version"]);
    expect(computeService).toBe("HCS");
  });

  test("a distribution that runs is listed so, and terminate stops it", async () => {
    await inDebian("true");
    expect(await stateOf("debian")).toBe("running");
    await (await shared()).ok(["terminate", "debian"]);
    expect(await stateOf("debian")).toBe("stopped");
  });

  test("the store is a VHDX that takes what is in it", async () => {
    const { store } = await (await shared()).json<Status>(["status"]);
    expect(store.path).toBe("C:\\tswsl-state\\store.vhdx");
    expect(store.hostBytes).toBeGreaterThan(100e6);
    expect(store.hostBytes).toBeLessThan(2e9);
  });

  test("shutdown stops the machine, and what was written is there at its next start", async () => {
    const instance = await shared();
    await inDebian("echo kept > /root/kept");
    await instance.ok(["shutdown"]);
    expect((await instance.json<Status>(["status"])).vm.state).toBe("stopped");
    expect((await inDebian("cat /root/kept")).text).toBe("kept");
  });

  test("shutdown --force cuts the power, and what was synced is there at the next start", async () => {
    const instance = await shared();
    await inDebian("echo synced > /root/synced; sync");
    await instance.ok(["shutdown", "--force"]);
    expect((await inDebian("cat /root/synced")).text).toBe("synced");
  });

  test("a daemon that is told to end does, and the next command starts another", async () => {
    const instance = await shared();
    const before = (await instance.json<Status>(["status"])).daemon;
    await instance.ok(["shutdown", "--daemon"]);
    // Not by its number, which Wine soon gives to another process.
    const after = (await instance.json<Status>(["status"])).daemon;
    expect(after.uptimeSeconds).toBeLessThan(before.uptimeSeconds);
  });

  test("clients that come at once start one daemon", async () => {
    const instance = await shared();
    await instance.ok(["shutdown", "--daemon"]);
    const all = await Promise.all([1, 2, 3].map(() => instance.json<Status>(["status"])));
    expect(new Set(all.map(({ daemon }) => daemon.pid)).size).toBe(1);
  });

  test("an archive by standard input becomes a distribution, which unregister removes", async () => {
    const instance = await shared();
    const packed = await inDebian(
      "tar -C / -chf - bin/sh bin/cat etc/os-release etc/passwd etc/group lib64/ld-linux-x86-64.so.2 lib/x86_64-linux-gnu/libc.so.6",
    );
    expect(packed.stderr).toBe("");
    await instance.ok(["install", "--from-file", "-", "--name", "small"], { input: packed.stdout });
    const { text } = await instance.run(["-d", "small", "-e", "/bin/sh", "-c", "echo from small"]);
    expect(text).toBe("from small");
    await instance.ok(["unregister", "small", "--yes"]);
    expect(await stateOf("small")).toBeUndefined();
  });

  test("what fails is said with the usual words and status", async () => {
    const { status, stderr } = await (await shared()).run(["-d", "nosuch", "true"]);
    expect(status).toBe(125);
    expect(stderr).toMatch(/^tswsl: there is no distribution named 'nosuch'/);
    const missing = await (await shared()).run(["install", "--from-file", "C:\\no.tar", "--name", "x"]);
    expect(missing.status).toBe(3);
    expect(missing.stderr).toContain("C:\\no.tar");
  });
});
