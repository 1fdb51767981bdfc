import { describe, expect, test } from "vitest";
import { TswslError } from "../../../../src/base/errors.ts";
import { runCli } from "../../../../src/cli/run-cli.ts";
import { isSharedName, verbNames, type VerbName } from "../../../../src/cli/arguments/verb-names.ts";
import { loadVerb } from "../../../../src/cli/verbs/load-verb.ts";
import { fakeCli, type FakeCli, FakeDaemon } from "../support/fake-cli.ts";
import { settings, someDistros, status } from "../support/samples.ts";

const versions = {
  tswsl: "0.1.0",
  node: "22.23.3",
  kernel: null,
  computeService: "qemu 7.2.0",
  accelerator: "tcg",
};
const documents = { computeSystem: { SchemaVersion: { Major: 2, Minor: 1 } }, network: {}, endpoint: {} };

function daemonOf(running = true): FakeDaemon {
  return new FakeDaemon(
    {
      version: () => versions,
      status: () => status,
      "debug.document": () => documents,
      "distro.list": () => ({ distros: [...someDistros] }),
      "distro.setDefault": () => ({}),
      "distro.terminate": () => ({}),
      "distro.unregister": () => ({}),
      "distro.configure": () => ({}),
      "vm.shutdown": () => ({}),
      "daemon.stop": () => ({}),
      "settings.get": () => settings,
      "settings.set": (changes) => Object.assign({}, settings, changes),
    },
    running,
  );
}

async function run(
  args: string[],
  daemon = daemonOf(),
): Promise<FakeCli & { code: number; daemon: FakeDaemon }> {
  const cli = fakeCli({ daemon });
  const code = await runCli(args, cli);
  return { ...cli, code, daemon };
}

describe("verbs that change something say so, in words and in JSON", () => {
  test.each<[string[], unknown, string, object]>([
    [
      ["set-default", "debian"],
      ["distro.setDefault", { name: "debian" }],
      "debian is now the default distribution.\n",
      { result: "default", name: "debian" },
    ],
    [
      ["terminate", "debian"],
      ["distro.terminate", { name: "debian" }],
      "debian is stopped.\n",
      { result: "terminated", name: "debian" },
    ],
    [
      ["unregister", "debian", "--yes"],
      ["distro.unregister", { name: "debian" }],
      "debian is deleted.\n",
      { result: "unregistered", name: "debian" },
    ],
    [["shutdown"], ["vm.shutdown", { force: false }], "Everything is stopped.\n", { result: "shutdown" }],
    [
      ["shutdown", "--force"],
      ["vm.shutdown", { force: true }],
      "Everything is stopped.\n",
      { result: "shutdown" },
    ],
  ])("%j", async (args, call, text, json) => {
    const plain = await run(args);
    expect([plain.code, plain.out(), plain.err(), plain.daemon.calls]).toEqual([0, text, "", [call]]);
    expect(JSON.parse((await run([...args, "--json"])).out())).toEqual(json);
  });
});

describe("shutdown", () => {
  test("starts no daemon only to stop it", async () => {
    const { out, daemon, code } = await run(["shutdown"], daemonOf(false));
    expect([code, out(), daemon.calls]).toEqual([0, "Nothing is running.\n", []]);
  });

  test("--daemon ends the daemon too, and waits for that", async () => {
    const { daemon } = await run(["shutdown", "--daemon"]);
    expect(daemon.calls).toEqual([
      ["vm.shutdown", { force: false }],
      ["daemon.stop", {}],
    ]);
    expect(daemon.ended).toBe(1);
  });
});

test("a daemon that is gone before its answer has ended as it was asked to", async () => {
  const daemon = new FakeDaemon({
    "vm.shutdown": () => ({}),
    "daemon.stop": () => Promise.reject(new TswslError("disconnected", "lost")),
  });
  const { code, out } = await run(["shutdown", "--daemon"], daemon);
  expect([code, out(), daemon.ended]).toEqual([0, "Everything is stopped.\n", 1]);
});

describe("unregister asks", () => {
  async function answered(
    answer: string | undefined,
  ): Promise<FakeCli & { code: number; daemon: FakeDaemon }> {
    const daemon = daemonOf();
    const cli = fakeCli({ daemon, terminal: true });
    cli.stdin.end(answer);
    const code = await runCli(["unregister", "Debian"], cli);
    return { ...cli, code, daemon };
  }

  test("and deletes when the name is typed", async () => {
    const { code, err, daemon } = await answered("debian\n");
    expect(err()).toBe("This deletes Debian and all of its files. Type its name to go on: ");
    expect([code, daemon.calls.at(-1)]).toEqual([0, ["distro.unregister", { name: "Debian" }]]);
  });

  test.each(["y\n", "\n", undefined])("and does nothing on %j", async (answer) => {
    const { code, daemon } = await answered(answer);
    expect(code).toBe(130);
    expect(daemon.calls.map(([method]) => method)).toEqual(["distro.list"]);
  });

  test("but not about what does not exist", async () => {
    const cli = fakeCli({ daemon: daemonOf(), terminal: true });
    expect(await runCli(["unregister", "nix"], cli)).toBe(3);
    expect(cli.err()).toBe("tswsl: there is no distribution called 'nix'\n  → See: tswsl list\n");
  });

  test("and without a terminal wants --yes", async () => {
    const { code, err, daemon } = await run(["unregister", "debian"]);
    expect([code, daemon.calls]).toEqual([2, []]);
    expect(err()).toBe(
      "tswsl: deleting debian and all of its files needs to be confirmed, and this is no terminal\n" +
        "  → Confirm it with: tswsl unregister debian --yes\n",
    );
  });
});

describe("looking", () => {
  test("version", async () => {
    expect((await run(["--version"])).out()).toMatchInlineSnapshot(`
      "tswsl            0.1.0
      Node.js          22.23.3
      Linux kernel     none built yet
      Compute service  qemu 7.2.0
      Accelerator      tcg
      "
    `);
    expect(JSON.parse((await run(["version", "--json"])).out())).toEqual(versions);
  });

  test("status", async () => {
    expect((await run(["status"])).out()).toMatchInlineSnapshot(`
      "Default distribution  debian
      Distributions         2 installed, 1 running
      Virtual machine       running, up 1 min 1 s, started in 1.4 s
      Memory                1.00 GiB used of 4.00 GiB
      Store                 /home/tester/.local/share/tswsl/store.img, takes 512 MiB on this host, 128 GiB used of 256 GiB
      Daemon                process 4711, up 1 h 2 min, keeps its state in /home/tester/.local/share/tswsl
      "
    `);
    expect(JSON.parse((await run(["--status", "--json"])).out())).toEqual(status);
  });

  test("debug document is JSON in any case", async () => {
    expect(JSON.parse((await run(["debug", "document"])).out())).toEqual(documents);
    expect((await run(["debug", "dokument"])).err()).toBe(
      "tswsl: there is nothing called 'dokument' to look at\n  → Use: tswsl debug document. See: tswsl help debug\n",
    );
  });
});

describe("help", () => {
  const names = [...Object.keys(verbNames), "import"] as VerbName[];

  test.each(names)("of %s has a synopsis, its options, examples and exit codes", async (name) => {
    const verb = await loadVerb(name);
    const asked =
      name === "import" ? ["--import", "--help"] : isSharedName(name) ? ["help", name] : [name, "--help"];
    const { code, out, daemon } = await run(asked);
    expect([code, daemon.calls]).toEqual([0, []]);
    for (const { names } of Object.values(verb.options))
      for (const spelling of names) expect(out()).toContain(spelling);
    expect(out()).toMatch(/^Usage:\n {2}tswsl /);
    expect(out()).toContain("\nExamples:\n");
    expect(out()).toContain("Exit status: 0 done, 1 internal, 2 invalid-argument, 3 not-found");
    expect(
      out()
        .split("\n")
        .filter((line) => line.length > 140),
    ).toEqual([]);
  });

  test.each(names.filter((name) => name !== "help" && name !== "debug"))(
    "the examples of %s are understood",
    async (name) => {
      const verb = await loadVerb(name);
      for (const [command] of verb.examples) {
        const words =
          command
            .split(/\s*[|<]\s*/)
            .find((part) => part.startsWith("tswsl "))
            ?.split(" ")
            .slice(2) ?? [];
        expect(() => verb.parse(words)).not.toThrow();
      }
    },
  );

  test("--help, -h and help are the overview, with every verb", async () => {
    const { out } = await run(["--help"]);
    for (const name of Object.keys(verbNames)) expect(out()).toContain(`\n  ${name} `);
    expect((await run(["-h"])).out()).toBe(out());
    expect((await run(["help"])).out()).toBe(out());
  });

  test("help VERB is VERB --help", async () => {
    expect((await run(["help", "list"])).out()).toBe((await run(["list", "--help"])).out());
    expect((await run(["-l", "-h"])).out()).toBe((await run(["help", "list"])).out());
    expect((await run(["help", "import"])).out()).toBe((await run(["--import", "--help"])).out());
  });

  test("of what does not exist", async () => {
    const { code, err } = await run(["help", "instal"]);
    expect([code, err()]).toEqual([
      2,
      "tswsl: there is no command 'instal'\n  → Did you mean: tswsl help install\n",
    ]);
  });
});

test("a failure that is nobody's has status 1", async () => {
  const daemon = new FakeDaemon({ status: () => Promise.reject(new RangeError("oops")) });
  expect((await run(["status"], daemon)).code).toBe(1);
});

test("missing and surplus arguments", async () => {
  expect((await run(["terminate"])).err()).toBe(
    "tswsl: 'tswsl terminate' needs NAME\n  → See: tswsl help terminate\n",
  );
  expect((await run(["status", "x"])).err()).toBe(
    "tswsl: unexpected argument 'x' for 'tswsl status'\n  → See: tswsl help status\n",
  );
});

test("flags may stand together, values may not", async () => {
  expect((await run(["list", "-qx"])).err()).toContain("unknown option '-qx' for 'tswsl list'");
  expect((await run(["logs", "-fn"])).err()).toContain("option '-n' needs a value (N)");
  expect((await run(["list", "--json=1"])).err()).toContain("option '--json' takes no value");
});

test("a lost daemon is told as such", async () => {
  const daemon = new FakeDaemon({ status: () => Promise.reject(new TswslError("disconnected", "lost")) });
  const { code, err } = await run(["status"], daemon);
  expect([code, err()]).toEqual([
    10,
    "tswsl: the daemon ended the connection\n  → See why: tswsl logs. The next command starts it again.\n",
  ]);
});
