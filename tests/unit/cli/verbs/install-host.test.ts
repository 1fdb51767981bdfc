import { describe, expect, test } from "vitest";
import { TswslError } from "../../../../src/base/errors.ts";
import { runCli } from "../../../../src/cli/run-cli.ts";
import type { Finding, PlatformFeature } from "../../../../src/protocol/host.ts";
import { type FakeCli, fakeCli, FakeDaemon } from "../support/fake-cli.ts";
import { FakeHost } from "../support/fake-host.ts";

const gone: Finding = { check: "guest files", state: "missing", what: "no kernel", remedy: "Build it" };
const slow: Finding = { check: "accelerator", state: "warning", what: "no KVM", remedy: "Load it" };

const platform: PlatformFeature[] = ["VirtualMachinePlatform"];
const off = { enable: platform, restart: false };

interface Run {
  readonly host: FakeHost;
  readonly args?: readonly string[];
  /** Typed at a terminal. */
  readonly answer?: string;
}

async function installHost({ host, args = [], answer }: Run): Promise<FakeCli & { code: number }> {
  const daemon = new FakeDaemon({});
  const cli = fakeCli({ host, daemon, terminal: answer !== undefined });
  if (answer !== undefined) cli.stdin.end(answer);
  const code = await runCli(["install", "--no-distribution", ...args], cli);
  expect(daemon.calls).toEqual([]);
  return { ...cli, code };
}

describe("without features to switch on", () => {
  test("a host that has everything is told so", async () => {
    const { code, out } = await installHost({ host: new FakeHost({ findings: [slow] }) });
    expect([code, out()]).toEqual([0, "This host has all that tswsl needs.\n"]);
  });

  test("what is missing is listed with its remedy", async () => {
    const { code, out } = await installHost({ host: new FakeHost({ findings: [slow, gone] }) });
    const text = "Missing on this host:\n  guest files: no kernel\n    → Build it\n";
    expect([code, out()]).toEqual([8, text]);
  });

  test("in JSON", async () => {
    const { out } = await installHost({ host: new FakeHost({ findings: [slow, gone] }), args: ["--json"] });
    expect(JSON.parse(out())).toEqual({ enabled: [], restartNeeded: false, missing: [gone] });
  });
});

describe("features that are off", () => {
  test("are switched on after a yes, and Windows must be restarted", async () => {
    const host = new FakeHost({ findings: [gone], features: off });
    const { code, out, err } = await installHost({ host, answer: "y\n" });
    expect(err()).toContain("tswsl needs Windows's VirtualMachinePlatform. Switch it on? [y/N] ");
    expect([code, host.enabled]).toEqual([12, platform]);
    expect(out()).toBe(
      "VirtualMachinePlatform is switched on.\nWindows must be restarted.\n  → Restart it, then: tswsl doctor\n",
    );
  });

  test.each(["n\n", "\n", "yesterday\n", ""])("stay off after %j", async (answer) => {
    const host = new FakeHost({ features: off });
    const { code } = await installHost({ host, answer });
    expect([code, host.enabled]).toEqual([130, []]);
  });

  test("are switched on without asking with --yes", async () => {
    const host = new FakeHost({ features: { enable: [...platform, "HypervisorPlatform"], restart: false } });
    const { code, out } = await installHost({ host, args: ["--yes", "--json"] });
    expect([code, host.enabled]).toEqual([12, ["VirtualMachinePlatform", "HypervisorPlatform"]]);
    expect(JSON.parse(out())).toEqual({ enabled: host.enabled, restartNeeded: true, missing: [] });
  });

  test("want --yes where nobody can be asked", async () => {
    const host = new FakeHost({ features: off });
    const { code, err } = await installHost({ host });
    expect([code, host.enabled]).toEqual([2, []]);
    expect(err()).toContain("→ Confirm it with: tswsl install --no-distribution --yes\n");
  });

  test("do not hide what else is missing when no restart is needed", async () => {
    const change = { enabled: platform, present: [], restartNeeded: false };
    const host = new FakeHost({ findings: [gone], features: off, change });
    const { code, out } = await installHost({ host, args: ["-y"] });
    expect(code).toBe(8);
    expect(out()).toContain("VirtualMachinePlatform is switched on.\nMissing on this host:\n");
  });
});

test("a feature that was switched on before waits for the restart", async () => {
  const { code } = await installHost({ host: new FakeHost({ features: { enable: [], restart: true } }) });
  expect(code).toBe(12);
});

test("what Windows refuses is the error", async () => {
  const failure = new TswslError("permission", "only an administrator may", { hint: "Do it so" });
  const { code, err } = await installHost({ host: new FakeHost({ failure }) });
  expect([code, err()]).toEqual([7, "tswsl: only an administrator may\n  → Do it so\n"]);
});

test.each([
  [["debian", "--no-distribution"], "takes no name"],
  [["--no-distribution", "--name", "x"], "takes no name"],
  [["--no-distribution", "--bootstrap"], "takes no name"],
  [["debian", "--yes"], "--yes needs --no-distribution"],
])("%j is refused", async (args, text) => {
  const cli = fakeCli();
  expect(await runCli(["install", ...args], cli)).toBe(2);
  expect(cli.err()).toContain(text);
});
