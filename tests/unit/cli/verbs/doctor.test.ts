import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tswslPaths } from "../../../../src/base/files.ts";
import { TswslError } from "../../../../src/base/errors.ts";
import { runCli } from "../../../../src/cli/run-cli.ts";
import type { Finding } from "../../../../src/protocol/host.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { type FakeCli, fakeCli, FakeDaemon } from "../support/fake-cli.ts";
import { FakeHost } from "../support/fake-host.ts";
import { status } from "../support/samples.ts";

const fine: Finding = { check: "qemu", state: "ok", what: "QEMU 7.2.22", remedy: null };
const slow: Finding = { check: "accelerator", state: "warning", what: "no KVM", remedy: "Load it" };
const gone: Finding = { check: "guest files", state: "missing", what: "no kernel", remedy: "Build it" };

const hostOf = (...findings: Finding[]): FakeHost => new FakeHost({ findings });

async function doctor(
  host: FakeHost,
  daemon = new FakeDaemon({ status: () => status }),
  args: readonly string[] = [],
): Promise<FakeCli & { code: number }> {
  const cli = fakeCli({ host, daemon });
  return { ...cli, code: await runCli(["doctor", ...args], cli) };
}

describe("doctor", () => {
  test("shows each finding with its remedy below it", async () => {
    const { code, out, err } = await doctor(hostOf(fine, slow, gone));
    expect(out()).toMatchInlineSnapshot(`
      "ok       qemu: QEMU 7.2.22
      warning  accelerator: no KVM
               → Load it
      missing  guest files: no kernel
               → Build it
      ok       runtime directory: /nonexistent/tswsl/run is yours alone, or yet to be made
      ok       daemon: the daemon answers (process 4711)
      "
    `);
    expect([code, err()]).toEqual([8, ""]);
  });

  test("is content with warnings", async () => {
    const { code, out } = await doctor(hostOf(fine, slow), undefined, ["--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out())).toMatchObject({ healthy: true, findings: [fine, slow, {}, {}] });
  });

  test("starts no daemon", async () => {
    const daemon = new FakeDaemon({}, false);
    const { code, out } = await doctor(hostOf(fine), daemon);
    expect([code, daemon.calls]).toEqual([0, []]);
    expect(out()).toContain("ok       daemon: no daemon runs; the next command starts one\n");
  });

  test("names a daemon that does not answer", async () => {
    const daemon = new FakeDaemon({ status: () => Promise.reject(new TswslError("timeout", "too late")) });
    const { code, out } = await doctor(hostOf(fine), daemon);
    expect(code).toBe(8);
    expect(out()).toContain("missing  daemon: a daemon is there but does not answer: too late\n");
  });

  test("goes on when the look at the host fails", async () => {
    const host = new FakeHost({ failure: new TswslError("internal", "broken", { hint: "mend" }) });
    const { code, out } = await doctor(host);
    expect(code).toBe(8);
    expect(out()).toContain("missing  host: broken\n         → mend\n");
    expect(out()).toContain("ok       daemon: the daemon answers (process 4711)\n");
  });

  test.skipIf(process.platform === "win32")(
    "asks nobody in a directory that others can write to",
    async () => {
      const paths = tswslPaths({ TSWSL_HOME: await temporaryDirectory() });
      mkdirSync(paths.runtime);
      chmodSync(paths.runtime, 0o777);
      const daemon = new FakeDaemon({});
      const cli = { ...fakeCli({ host: hostOf(fine), daemon }), paths };
      expect(await runCli(["doctor", "--json"], cli)).toBe(8);
      const { findings } = JSON.parse(cli.out()) as { findings: Finding[] };
      expect(findings.at(-1)).toMatchObject({ check: "runtime directory", state: "missing" });
      expect(findings.at(-1)?.remedy).toContain(`chmod 700 ${join(paths.runtime)}`);
    },
  );
});
