import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Finding } from "../../src/protocol/host.ts";
import { addPlatform, addService, setAnswer, told } from "../support/windows/platform-answers.ts";
import { WinePrefix } from "../support/windows/wine-prefix.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

/** DismPackageFeatureState. */
const OFF = 2;
const ON = 4;
const PENDING = 5;

const program = resolve(import.meta.dirname, "../../dist/windows/tswsl.exe");

let prefix: WinePrefix;

beforeAll(async () => {
  prefix = await WinePrefix.make();
  await addPlatform(prefix);
});
afterAll(async () => prefix.close());

interface Answer {
  readonly status: number | null;
  readonly text: string;
}

/** tswsl.exe with its output in a file, both kinds. */
async function run(args: readonly string[]): Promise<Answer> {
  const output = join(await temporaryDirectory(), "output");
  const child = prefix.start({ program, args, output });
  // An exit status, or null for one that was killed.
  const [status] = (await once(child, "exit")) as [number | null];
  return { status, text: readFileSync(output, "utf8") };
}

async function findings(): Promise<ReadonlyMap<string, Finding>> {
  const { text } = await run(["doctor", "--json"]);
  // The shape that docs/cli.md promises.
  const report = JSON.parse(text) as { findings: readonly Finding[] };
  return new Map(report.findings.map((finding) => [finding.check, finding]));
}

describe("doctor on a Windows without Hyper-V", () => {
  test("asks each part of Windows, and names what is missing", async () => {
    const found = await findings();
    expect(found.get("services")).toMatchObject({
      state: "missing",
      what: expect.stringContaining("vmcompute, hns"),
    });
    expect(found.get("virtual machine platform")).toMatchObject({
      state: "missing",
      what: "this Windows has no feature VirtualMachinePlatform",
    });
    // Wine's kernel does not tell; a hypervisor of the test's host must not be taken for Hyper-V.
    expect(found.get("hypervisor")).toMatchObject({
      state: "warning",
      what: expect.stringContaining("cannot be told"),
    });
    expect(found.get("rights")?.what).toBe("an administrator");
    expect(found.get("home volume")?.what).toContain("lies on NTFS, neither compressed nor encrypted");
    expect(found.get("wsl")?.what).toBe("WSL is not installed; no virtual machine runs");
    expect(found.get("guest files")?.state).toBe("ok");
    expect(found.get("space")?.state).toBe("ok");
    expect(found.get("daemon")?.what).toContain("no daemon runs");
  });

  test("sees services that are there, and those that are disabled", async () => {
    await addService(prefix, "vmcompute", "demand");
    await addService(prefix, "hns", "disabled");
    await addService(prefix, "vfpext", "demand");
    expect((await findings()).get("services")).toMatchObject({
      state: "missing",
      what: "disabled: hns",
      remedy: expect.stringContaining("sc config hns start= demand"),
    });
  });

  test("tells a user who is no administrator what can be seen without DISM", async () => {
    await setAnswer(prefix, "Unelevated", 1);
    const found = await findings();
    await setAnswer(prefix, "Unelevated", null);
    expect(found.get("virtual machine platform")?.what).toBe("its service (vmcompute) is installed");
  });
});

describe("install --no-distribution", () => {
  test("switches the platform on through the DISM API, and says that Windows must be restarted", async () => {
    await setAnswer(prefix, "VirtualMachinePlatform", OFF);
    await setAnswer(prefix, "HypervisorPlatform", OFF);
    const { status, text } = await run(["install", "--no-distribution", "--yes", "--json"]);
    expect(status).toBe(12);
    expect(JSON.parse(text)).toEqual({
      enabled: ["VirtualMachinePlatform"],
      restartNeeded: true,
      missing: [],
    });
    expect(await told(prefix, "VirtualMachinePlatform")).toBe(PENDING);
    expect(await told(prefix, "HypervisorPlatform")).toBe(OFF);
  });

  test("gives back every session and structure", async () => {
    expect(await told(prefix, "Held")).toBe(0);
  });

  test("waits for the restart the second time", async () => {
    const { status, text } = await run(["install", "--no-distribution"]);
    expect([status, text.replaceAll("\r", "")]).toEqual([
      12,
      "Windows must be restarted.\n  → Restart it, then: tswsl doctor\n",
    ]);
  });

  test("explains what Windows refuses", async () => {
    await setAnswer(prefix, "VirtualMachinePlatform", OFF);
    await setAnswer(prefix, "Refusal", 0x800f0922);
    const { status, text } = await run(["install", "--no-distribution", "--yes"]);
    await setAnswer(prefix, "Refusal", null);
    expect(status).toBe(8);
    expect(text).toContain("Windows undid the change of its features (DismEnableFeature: 0x800F0922");
    expect(text).toContain("→ A network driver that does not uninstall");
    expect(await told(prefix, "Held")).toBe(0);
  });

  test("asks, and does nothing where nobody can answer", async () => {
    const { status, text } = await run(["install", "--no-distribution"]);
    expect(status).toBe(2);
    expect(text).toContain("Confirm it with: tswsl install --no-distribution --yes");
    expect(await told(prefix, "VirtualMachinePlatform")).toBe(OFF);
  });

  test("is content when the platform is on", async () => {
    await setAnswer(prefix, "VirtualMachinePlatform", ON);
    expect((await findings()).get("virtual machine platform")?.state).toBe("ok");
  });
});
