import { expect, test } from "vitest";
import { runCli } from "../../../../src/cli/run-cli.ts";
import { fakeCli, FakeDaemon, type FakeCli } from "../support/fake-cli.ts";
import { distro } from "../support/samples.ts";

const hostFolders = [{ source: "/home/me/src", target: "/mnt/src", readOnly: true }];

async function run(args: string[]): Promise<FakeCli & { code: number; daemon: FakeDaemon }> {
  const daemon = new FakeDaemon({
    "distro.list": () => ({ distros: [distro({ hostFolders }), distro({ name: "other", default: false })] }),
    "distro.mountHost": () => ({ name: "debian" }),
    "distro.unmountHost": () => ({ name: "debian" }),
  });
  const cli = fakeCli({ daemon });
  const code = await runCli(["mount-host", ...args], cli);
  return { ...cli, code, daemon };
}

test("a folder, by default below /mnt", async () => {
  const { daemon, out } = await run(["src/tswsl"]);
  const folder = { source: "/srv/here/src/tswsl", target: "/mnt/tswsl", readOnly: false };
  expect(daemon.calls).toEqual([["distro.mountHost", folder]]);
  expect(out()).toBe("/srv/here/src/tswsl is /mnt/tswsl in debian.\n");
});

test("with a place, a distribution, and read-only", async () => {
  const { daemon, out } = await run([
    "/srv/../photos/",
    "/pictures",
    "-d",
    "debian",
    "--read-only",
    "--json",
  ]);
  const folder = { name: "debian", source: "/photos", target: "/pictures", readOnly: true };
  expect(daemon.calls).toEqual([["distro.mountHost", folder]]);
  expect(JSON.parse(out())).toEqual({ result: "mounted", name: "debian" });
});

test("takes one away", async () => {
  const { daemon, out } = await run(["--remove", "/mnt/src"]);
  expect(daemon.calls).toEqual([["distro.unmountHost", { target: "/mnt/src" }]]);
  expect(out()).toBe("/mnt/src is gone from debian.\n");
});

test("lists them", async () => {
  expect((await run([])).out()).toBe("/mnt/src  /home/me/src  read-only\n");
  expect(JSON.parse((await run(["-d", "OTHER", "--json"])).out())).toEqual({
    name: "other",
    hostFolders: [],
  });
  expect((await run(["-d", "no"])).code).toBe(3);
});

test.each([[["/"]], [["--remove", "/x", "/y"]], [["--remove", "/x", "--read-only"]], [["a", "b", "c"]]])(
  "does not understand %j",
  async (args) => {
    const { code, daemon } = await run(args);
    expect(code).toBe(2);
    expect(daemon.calls).toEqual([]);
  },
);
