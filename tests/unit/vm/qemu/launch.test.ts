import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { launchQemu } from "../../../../src/vm/qemu/launch.ts";

/** `sh` stands in for QEMU: what matters here is the process. */
const launchShell = (script: string, links = 0) =>
  launchQemu({ binary: "/bin/sh", args: ["-c", script], links });

describe("a launched process", () => {
  test("is told of by its exit and its last complaints", async () => {
    const process = await launchShell("echo hopeless >&2; exit 3");
    expect(await process.exited).toEqual({ code: 3, signal: null });
    expect(process.complaints()).toBe("hopeless");
  });

  test("complains without end and is remembered by the end of it", async () => {
    const process = await launchShell("i=0; while [ $i -lt 4000 ]; do echo line $i >&2; i=$((i+1)); done");
    await process.exited;
    expect(process.complaints().length).toBeLessThanOrEqual(16 * 1024);
    expect(process.complaints()).toMatch(/line 3999$/);
  });

  test("has each link as a two-way stream at the next descriptor", async () => {
    const process = await launchShell("read a <&3; echo got $a >&3; read b <&4; echo got $b >&4", 2);
    const [first, second] = process.links;
    first?.write("one\n");
    expect(String((await once(first ?? process.output, "data"))[0])).toBe("got one\n");
    second?.write("two\n");
    expect(String((await once(second ?? process.output, "data"))[0])).toBe("got two\n");
    await process.exited;
  });

  test("is killed by its handle", async () => {
    const process = await launchShell("exec sleep 1000");
    process.kill();
    expect(await process.exited).toEqual({ code: null, signal: "SIGKILL" });
    process.kill();
  });

  test("gets nothing of the user's environment but the path", async () => {
    vi.stubEnv("TSWSL_SECRET", "secret");
    const process = await launchShell("env >&2");
    await process.exited;
    vi.unstubAllEnvs();
    expect(process.complaints()).toContain("LC_ALL=C");
    expect(process.complaints()).not.toContain("secret");
  });

  test("ends with its owner, even when that is killed", async () => {
    const module = join(import.meta.dirname, "../../../../src/vm/qemu/launch.ts");
    const script = `import { launchQemu } from ${JSON.stringify(module)};
      const { pid } = await launchQemu({ binary: "/bin/sleep", args: ["1000"], links: 0 });
      console.log(pid);`;
    const owner = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const pid = Number(String((await once(owner.stdout, "data"))[0]));
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    owner.kill("SIGKILL");
    await vi.waitFor(() => expect(existsSync(`/proc/${pid}`)).toBe(false), { timeout: 5000 });
  });
});
