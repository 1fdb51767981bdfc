import { expect, test } from "vitest";
import { runCli } from "../../../../src/cli/run-cli.ts";
import { fakeCli, type FakeCli, FakeDaemon } from "../support/fake-cli.ts";
import { settings, someDistros } from "../support/samples.ts";

async function run(args: string[]): Promise<FakeCli & { code: number; daemon: FakeDaemon }> {
  const daemon = new FakeDaemon({
    "distro.list": () => ({ distros: [...someDistros] }),
    "distro.configure": () => ({}),
    "settings.get": () => settings,
    "settings.set": (changes) => Object.assign({}, settings, changes),
  });
  const cli = fakeCli({ daemon });
  const code = await runCli(["set", ...args], cli);
  return { ...cli, code, daemon };
}

test("shows all settings as they are written", async () => {
  expect((await run([])).out()).toMatchInlineSnapshot(`
    "distro-idle  15s
    vm-idle      never
    memory       auto
    processors   4
    catalogue    https://example.org/DistributionInfo.json
    saved-vm     on
    host-files   read-write
    "
  `);
  expect(JSON.parse((await run(["--json"])).out())).toEqual(settings);
});

test("changes what is given, shows it, and says what waits for the next start", async () => {
  const { out, daemon } = await run(["--memory", "2G", "--distro-idle=never", "--processors", "auto"]);
  expect(daemon.calls).toEqual([["settings.set", { memoryMiB: 2048, distroIdleSeconds: -1, processors: 0 }]]);
  expect(out()).toMatchInlineSnapshot(`
    "distro-idle  never
    memory       2G
    processors   auto
    A running virtual machine keeps what it has until: tswsl shutdown
    "
  `);
  const saved = await run(["--saved-vm", "off", "--json"]);
  expect(saved.daemon.calls).toEqual([["settings.set", { savedVm: false }]]);
  expect(JSON.parse(saved.out())).toEqual({ ...settings, savedVm: false });
});

test("says that what is mounted stays open to those who run", async () => {
  const { out, daemon } = await run(["--host-files", "none"]);
  expect(daemon.calls).toEqual([["settings.set", { hostFolders: "none" }]]);
  expect(out()).toBe("host-files  none\nA running virtual machine keeps what it has until: tswsl shutdown\n");
  expect((await run(["--host-files", "some"])).code).toBe(2);
});

test("of a distribution", async () => {
  const { out, daemon } = await run(["debian", "--keep-alive", "on"]);
  expect(daemon.calls[0]).toEqual(["distro.configure", { name: "debian", keepAlive: true }]);
  expect(out()).toBe("keep-alive  off\n");
  expect(JSON.parse((await run(["DEBIAN", "--json"])).out())).toEqual({
    name: "debian",
    keepAlive: false,
    limits: { memoryMiB: 1024, cpus: null, pids: null },
  });
});

test("limits of a distribution", async () => {
  expect((await run(["debian"])).out()).toMatchInlineSnapshot(`
    "memory      1G
    cpus        none
    pids        none
    keep-alive  off
    "
  `);
  const { daemon, out } = await run([
    "debian",
    "--cpus",
    "1.5",
    "--memory",
    "1G",
    "--pids=none",
    "--keep-alive=off",
  ]);
  const limits = { memoryMiB: 1024, cpus: 1.5, pids: null };
  expect(daemon.calls[0]).toEqual(["distro.configure", { name: "debian", keepAlive: false, limits }]);
  expect(out()).toBe("memory      1G\ncpus        none\npids        none\nkeep-alive  off\n");
  const lifted = await run(["debian", "--memory", "none"]);
  expect(lifted.daemon.calls[0]).toEqual([
    "distro.configure",
    { name: "debian", limits: { memoryMiB: null } },
  ]);
});

test.each<[string[], string, string]>([
  [
    ["--memroy=2G"],
    "unknown option '--memroy' for 'tswsl set'",
    "Did you mean '--memory'? See: tswsl help set",
  ],
  [["--memory=lots"], "'lots' is not an amount of memory", "Write it as 512M, 2G or auto."],
  [["--vm-idle", "soon"], "'soon' is not a duration", "Write it as 15s, 5m, 2h, 1d or never."],
  [["--processors=0"], "'0' is not a number of processors", "Write a number from 1 up, or auto."],
  [["--saved-vm", "yes"], "'yes' is neither on nor off", "Write on or off."],
  [
    ["--catalogue=x.json"],
    "'x.json' is neither a URL nor an absolute path",
    "For example: --catalogue /etc/tswsl/catalogue.json",
  ],
  [["--memory=1G", "--memory=2G"], "option '--memory' was given twice", "See: tswsl help set"],
  [["--memory"], "option '--memory' needs a value (SIZE)", "See: tswsl help set"],
  [
    ["--keep-alive=on"],
    "--keep-alive is a setting of a distribution",
    "For example: tswsl set debian --keep-alive on",
  ],
  [
    ["debian", "--vm-idle", "60"],
    "--vm-idle is not a setting of a distribution",
    "For all of them: tswsl set --vm-idle 60",
  ],
  [["debian", "--keep-alive=yes"], "'yes' is neither on nor off", "Write on or off."],
  [["debian", "--memory=auto"], "'auto' is not an amount of memory", "Write it as 512M, 2G or none."],
  [["debian", "--cpus=all"], "'all' is not a number of processors", "Write it as 2, 1.5, 0.25 or none."],
  [["debian", "--cpus=-1"], "'-1' is not a number of processors", "Write it as 2, 1.5, 0.25 or none."],
  [["debian", "--pids=1.5"], "'1.5' is not a number of processes", "Write a whole number, or none."],
  [["--pids=9"], "--pids is a setting of a distribution", "For example: tswsl set debian --pids 9"],
  [["debian", "more"], "unexpected argument 'more' for 'tswsl set'", "See: tswsl help set"],
  [
    ["memory=2G"],
    "'memory=2G' is not the name of a distribution",
    "Settings are options: --KEY VALUE. See: tswsl help set",
  ],
])("refuses %j", async (args, message, hint) => {
  const { code, err, daemon } = await run(args);
  expect([code, err(), daemon.calls]).toEqual([2, `tswsl: ${message}\n  → ${hint}\n`, []]);
});

test("a name that is not there", async () => {
  const { code, err } = await run(["nix"]);
  expect([code, err()]).toEqual([3, "tswsl: there is no distribution called 'nix'\n  → See: tswsl list\n"]);
});
