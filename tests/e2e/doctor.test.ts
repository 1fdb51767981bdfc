import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Finding } from "../../src/protocol/host.ts";
import { shared } from "../support/debian.ts";
import { Instance } from "../support/instance.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

interface Report {
  readonly healthy: boolean;
  readonly findings: readonly Finding[];
}

async function examine(
  instance: Instance,
  env: Record<string, string> = {},
): Promise<Report & { status: number | null }> {
  const { text, status } = await instance.run(["doctor", "--json"], { env });
  // The shape that docs/cli.md promises.
  return { ...(JSON.parse(text) as Report), status };
}

const of = ({ findings }: Report, check: string): Finding | undefined =>
  findings.find((finding) => finding.check === check);

test("the host that runs the tests lacks nothing", async () => {
  const report = await examine(shared());
  expect(report.findings.filter(({ state }) => state === "missing")).toEqual([]);
  expect([report.healthy, report.status]).toEqual([true, 0]);
  expect(of(report, "daemon")?.what).toMatch(/^the daemon answers \(process \d+\)$/);
  expect(of(report, "guest files")?.state).toBe("ok");
});

test("without QEMU, with a damaged registry and a directory open to others, each is named and nothing is started", async () => {
  const instance = new Instance(await temporaryDirectory());
  writeFileSync(join(instance.home, "distros.json"), '{"version":1');
  mkdirSync(join(instance.home, "run"));
  chmodSync(join(instance.home, "run"), 0o755);
  const programs = await temporaryDirectory();
  // All that bin/tswsl itself needs.
  symlinkSync("/usr/bin/readlink", join(programs, "readlink"));
  const report = await examine(instance, { PATH: programs });
  expect([report.healthy, report.status]).toEqual([false, 8]);
  expect(of(report, "qemu")).toMatchObject({
    state: "missing",
    remedy: expect.stringContaining("apt-get install"),
  });
  expect(of(report, "state")?.what).toContain("distros.json is not readable as tswsl wrote it");
  expect(of(report, "runtime directory")?.remedy).toContain("chmod 700");
  expect(of(report, "daemon")).toBeUndefined();
  expect(readdirSync(instance.home).toSorted()).toEqual(["distros.json", "run"]);
});
