import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { TswslError } from "../../../../src/base/errors.ts";
import { install } from "../../../../src/cli/verbs/install.ts";
import { runCli } from "../../../../src/cli/run-cli.ts";
import { fakeCli, FakeDaemon } from "../support/fake-cli.ts";
import { GuestDaemon } from "../support/fake-guest.ts";

const HASH = "A".repeat(64);

describe("what is installed", () => {
  test.each<[string[], object]>([
    [["debian"], { source: { type: "catalogue", name: "debian" }, name: undefined, json: false }],
    [["-d", "debian", "-n"], { source: { type: "catalogue", name: "debian" } }],
    [
      ["debian", "--name", "web", "--json"],
      { source: { type: "catalogue", name: "debian" }, name: "web", json: true },
    ],
    [["debian", "--bootstrap"], { source: { type: "bootstrap", flavor: "debian" } }],
    [
      ["ubuntu", "--bootstrap", "--suite", "noble"],
      { source: { type: "bootstrap", flavor: "ubuntu", suite: "noble" } },
    ],
    [
      ["debian", "--bootstrap", "--include", "systemd-sysv,docker.io"],
      { source: { type: "bootstrap", flavor: "debian", include: ["systemd-sysv", "docker.io"] } },
    ],
    [["--from-file", "x.tar", "--name", "web"], { source: { type: "file", path: "x.tar" }, name: "web" }],
    [
      ["-f", "x.tar", "--sha256", HASH],
      { source: { type: "file", path: "x.tar", sha256: HASH.toLowerCase() } },
    ],
    [
      ["debian", "--memory", "1G", "--cpus", "1.5", "--pids=500"],
      { limits: { memoryMiB: 1024, cpus: 1.5, pids: 500 } },
    ],
    [["debian", "--pids", "none"], { limits: { pids: null } }],
    [["debian"], { limits: undefined }],
    [["--from-file=-"], { source: { type: "stdin" } }],
  ])("%j", (args, command) => {
    expect(install.parse(args)).toMatchObject(command);
  });
});

describe("what is refused", () => {
  test.each<[string[], string, string]>([
    [
      [],
      "say which distribution to install",
      "For example: tswsl install debian. All of them: tswsl list --online",
    ],
    [["a", "-d", "b"], "the distribution was named twice", "See: tswsl help install"],
    [["a", "b"], "unexpected argument 'b' for 'tswsl install'", "See: tswsl help install"],
    [
      ["web", "--from-file", "x.tar"],
      "a file and a distribution of the catalogue were both given",
      "To name it: --from-file x.tar --name web",
    ],
    [
      ["-f", "x.tar", "--bootstrap"],
      "--from-file and --bootstrap cannot be used together",
      "See: tswsl help install",
    ],
    [["debian", "--suite", "sid"], "--suite needs --bootstrap", "See: tswsl help install"],
    [["debian", "--include", "vim"], "--include needs --bootstrap", "See: tswsl help install"],
    [
      ["debian", "--bootstrap", "--include", "vim,?x"],
      "'?x' is not the name of a package",
      "Separate names by commas",
    ],
    [["debian", "--sha256", HASH], "--sha256 needs --from-file with a file", "See: tswsl help install"],
    [["-f", "-", "--sha256", HASH], "--sha256 needs --from-file with a file", "See: tswsl help install"],
    [
      ["-f", "x", "--sha256", "12"],
      "'12' is not a SHA-256",
      "It has 64 hexadecimal digits; see: sha256sum FILE",
    ],
    [["debian", "--name"], "option '--name' needs a value (NAME)", "See: tswsl help install"],
    [
      ["debian", "--nmae", "x"],
      "unknown option '--nmae' for 'tswsl install'",
      "Did you mean '--name'? See: tswsl help install",
    ],
    [["debian", "--memory=1"], "'1' is not an amount of memory", "Write it as 512M, 2G or none."],
    [
      ["debian", "--name", "a/b"],
      "'a/b' cannot be the name of a distribution",
      "Use 1 to 64 letters, digits, '.', '_' or '-', not starting with '-'.",
    ],
  ])("%j", async (args, message, hint) => {
    const cli = fakeCli();
    expect(await runCli(["install", ...args], cli)).toBe(2);
    expect(cli.err()).toBe(`tswsl: ${message}\n  → ${hint}\n`);
    expect(cli.out()).toBe("");
  });

  test("an archive cannot be typed", async () => {
    const cli = fakeCli({ terminal: true });
    expect(await runCli(["install", "--from-file", "-"], cli)).toBe(2);
    expect(cli.err()).toContain("tswsl: standard input is a terminal, not an archive\n");
  });
});

const installed = { name: "debian", id: "7b1f1c57-6a0f-4f4e-9d52-0d5a3c1f7a10", bytes: 240 * 1024 ** 2 };

describe("the installation", () => {
  test("tells the next command", async () => {
    const daemon = new FakeDaemon({ "distro.install": () => installed });
    const cli = fakeCli({ daemon });
    expect(await runCli(["install", "debian"], cli)).toBe(0);
    expect(cli.out()).toMatch(
      /^debian is installed \(240 MiB, \d+\.\d s\)\.\n {2}→ Start it with: tswsl -d debian\n$/,
    );
  });

  test("a file's path is made absolute: the daemon is elsewhere", async () => {
    const daemon = new FakeDaemon({ "distro.install": () => installed });
    const cli = fakeCli({ daemon });
    await runCli(["--install", "--from-file", "../x.tar", "--name", "web", "--memory=1G", "--json"], cli);
    expect(daemon.calls).toEqual([
      [
        "distro.install",
        { source: { type: "file", path: "/srv/x.tar" }, name: "web", limits: { memoryMiB: 1024 } },
      ],
    ]);
    expect(JSON.parse(cli.out())).toEqual({ result: "installed", ...installed });
  });

  test("each phase is a line on a standard error that is no terminal", async () => {
    const daemon = new FakeDaemon({
      "distro.install": (_, { onProgress }) => {
        onProgress?.({ phase: "Downloading", done: 0, total: 10 });
        onProgress?.({ phase: "Downloading", done: 10, total: 10 });
        onProgress?.({ phase: "Unpacking" });
        return installed;
      },
    });
    const cli = fakeCli({ daemon });
    await runCli(["install", "debian"], cli);
    expect(cli.err()).toBe("tswsl: Downloading\ntswsl: Unpacking\n");
    const quiet = fakeCli({ daemon });
    await runCli(["install", "debian", "--json"], quiet);
    expect(quiet.err()).toBe("");
  });

  test("Ctrl-C cancels the request and says what became of it", async () => {
    const daemon = new FakeDaemon({
      "distro.install": async (_, { signal }) => {
        cli.events.emit("SIGINT");
        throw signal.reason;
      },
    });
    const cli = fakeCli({ daemon });
    expect(await runCli(["install", "debian"], cli)).toBe(130);
    expect(cli.err()).toBe(
      "tswsl: cancelled: debian is not installed; the daemon removes what there was of it\n",
    );
  });

  test("a second Ctrl-C ends tswsl at once", async () => {
    const daemon = new FakeDaemon({
      "distro.install": async () => {
        cli.events.emit("SIGINT");
        cli.events.emit("SIGINT");
        return installed;
      },
    });
    const cli = fakeCli({ daemon });
    await runCli(["install", "debian"], cli);
    expect(cli.events.exits).toEqual([130]);
  });

  test("a failure of the daemon is told with its hint; as JSON on request", async () => {
    const failure = new TswslError("exists", "debian is already installed", {
      hint: "Choose another --name.",
    });
    const daemon = new FakeDaemon({ "distro.install": () => Promise.reject(failure) });
    const cli = fakeCli({ daemon });
    expect(await runCli(["install", "debian"], cli)).toBe(4);
    expect(cli.err()).toBe("tswsl: debian is already installed\n  → Choose another --name.\n");
    const asJson = fakeCli({ daemon });
    expect(await runCli(["install", "debian", "--json"], asJson)).toBe(4);
    expect(asJson.out()).toBe("");
    expect(JSON.parse(asJson.err())).toEqual({ error: failure.toWire() });
  });
});

describe("from standard input", () => {
  test("the bytes go up on a connection of their own, under the token of the request", async () => {
    const daemon = new (class extends GuestDaemon {
      override async call(method: never, params: never): Promise<never> {
        this.calls.push([method, params]);
        const guest = await this.guest;
        received = await buffer(guest.stdin);
        // The one method that this test calls answers so.
        return installed as never;
      }
    })();
    let received = Buffer.alloc(0);
    const cli = fakeCli({ daemon });
    const archive = Buffer.alloc(3 * 1024 * 1024, "tar");
    cli.stdin.end(archive);
    expect(await runCli(["install", "--from-file", "-", "--name", "web"], cli)).toBe(0);
    expect(received.equals(archive)).toBe(true);
    const { header } = await daemon.guest;
    if (header.kind !== "upload") throw new Error(`the header is of kind ${header.kind}`);
    expect(daemon.calls).toEqual([
      ["distro.install", { source: { type: "upload", token: header.token }, name: "web" }],
    ]);
  });

  test("the daemon's refusal is what counts, though it stops reading first", async () => {
    const refusal = new TswslError("invalid-argument", "this is no archive");
    const daemon = new (class extends GuestDaemon {
      override async call(): Promise<never> {
        const guest = await this.guest;
        guest.fail({ code: "disconnected", message: "enough" });
        await guest.gone();
        throw refusal;
      }
    })();
    const cli = fakeCli({ daemon });
    cli.stdin.write(Buffer.alloc(1024));
    expect(await runCli(["install", "--from-file", "-", "--name", "web"], cli)).toBe(2);
    expect(cli.err()).toBe("tswsl: this is no archive\n");
  });

  test("an input that cannot be read ends the installation", async () => {
    const daemon = new (class extends GuestDaemon {
      override async call(_method: never, _params: never, options: { signal: AbortSignal }): Promise<never> {
        const { promise, reject } = Promise.withResolvers<never>();
        options.signal.addEventListener("abort", () => reject(options.signal.reason));
        await this.guest;
        cli.stdin.destroy(new Error("EIO: i/o error"));
        return promise;
      }
    })();
    const cli = fakeCli({ daemon, stdin: new PassThrough() });
    expect(await runCli(["install", "--from-file", "-", "--name", "web"], cli)).toBe(8);
    expect(cli.err()).toBe("tswsl: cannot read standard input: EIO: i/o error\n");
  });
});

test("WSL's --import is an installation from a file", async () => {
  const daemon = new FakeDaemon({ "distro.install": () => installed });
  const cli = fakeCli({ daemon });
  expect(await runCli(["--import", "web", "/srv/web", "web.tar.gz", "--version", "2"], cli)).toBe(0);
  expect(daemon.calls).toEqual([
    ["distro.install", { source: { type: "file", path: "/srv/here/web.tar.gz" }, name: "web" }],
  ]);
  expect(cli.err()).toBe("tswsl: all distributions are kept in one store; the directory is not used\n");
  const refused = fakeCli();
  expect(await runCli(["--import", "web", "/srv/web", "web.tar.gz", "--version", "1"], refused)).toBe(2);
});
