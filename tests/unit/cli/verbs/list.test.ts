import { describe, expect, test } from "vitest";
import type { DistroSummary } from "../../../../src/protocol/daemon.ts";
import { runCli } from "../../../../src/cli/run-cli.ts";
import { fakeCli, FakeDaemon } from "../support/fake-cli.ts";
import { catalogue, distro, someDistros } from "../support/samples.ts";

async function list(args: string[], distros: readonly DistroSummary[] = someDistros): Promise<string> {
  const daemon = new FakeDaemon({
    "distro.list": () => ({ distros: [...distros] }),
    "catalogue.list": () => catalogue,
  });
  const cli = fakeCli({ daemon });
  expect(await runCli(args, cli)).toBe(0);
  expect(cli.err()).toBe("");
  return cli.out();
}

test("plain: the default first, a broken one with its reason, none in between states", async () => {
  expect(await list(["list"])).toMatchInlineSnapshot(`
    "tswsl distributions:
    debian (Default)
    Ubuntu-24.04
    old (Broken: its files are not in the store)
    "
  `);
});

test("WSL's spelling is the same list", async () => {
  expect(await list(["-l"])).toBe(await list(["list"]));
  expect(await list(["--list", "-v"])).toBe(await list(["list", "--verbose"]));
});

test("--all", async () => {
  expect(await list(["list", "--all"])).toContain("\nnew\n");
});

test("-v is a table", async () => {
  expect(await list(["list", "-v"])).toMatchInlineSnapshot(`
    "  NAME          STATE    FLAVOR  VERSION  ADDRESS
    * debian        Running  debian  12       172.31.0.2
      Ubuntu-24.04  Stopped  ubuntu  24.04    -
      old           Broken   debian  12       -
    old is broken: its files are not in the store
    "
  `);
});

test("-q is names only, as the daemon orders them", async () => {
  expect(await list(["list", "-q"])).toBe("Ubuntu-24.04\ndebian\nold\n");
});

test("--running", async () => {
  expect(await list(["list", "--running", "-q"])).toBe("debian\n");
});

test("--json is every distribution with every field", async () => {
  expect(JSON.parse(await list(["list", "--json"]))).toEqual({ distros: someDistros });
});

test("--online", async () => {
  expect(await list(["list", "--online"])).toMatchInlineSnapshot(`
    "These distributions can be installed with: tswsl install NAME

    NAME    FRIENDLY NAME             FROM
    debian  Debian GNU/Linux          download
    ubuntu  Ubuntu (package sources)  this host's package sources (--bootstrap)
    "
  `);
  expect(await list(["-l", "-o", "-q"])).toBe("debian\nubuntu\n");
  expect(JSON.parse(await list(["list", "--online", "--json"]))).toEqual(catalogue);
});

test("escape sequences of a distribution do not reach the terminal", async () => {
  expect(await list(["list", "-v"], [distro({ osVersion: "\u001b]0;x\u0007" })])).not.toContain("\u001b");
});

describe("nothing to list is no failure", () => {
  test("plain", async () => {
    expect(await list(["list"], [])).toMatchInlineSnapshot(`
      "No distribution is installed.
        → tswsl install debian, or see what there is: tswsl list --online
      "
    `);
  });

  test("running", async () => {
    expect(await list(["list", "--running"], [distro({ state: "stopped" })])).toBe(
      "No distribution is running.\n",
    );
  });

  test("-q prints nothing", async () => {
    expect(await list(["list", "-q"], [])).toBe("");
  });

  test("--json is an empty list", async () => {
    expect(JSON.parse(await list(["list", "--json"], []))).toEqual({ distros: [] });
  });
});

test.each([
  ["-q", "-v", "quiet", "verbose"],
  ["--all", "--running", "all", "running"],
  ["-v", "--online", "verbose", "online"],
])("%s and %s exclude each other", async (left, right, leftName, rightName) => {
  const cli = fakeCli();
  expect(await runCli(["list", left, right], cli)).toBe(2);
  expect(cli.err()).toBe(
    `tswsl: --${leftName} and --${rightName} cannot be used together\n  → See: tswsl help list\n`,
  );
});
