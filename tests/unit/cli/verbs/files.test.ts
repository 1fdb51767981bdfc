import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { TswslError } from "../../../../src/base/errors.ts";
import { runCli } from "../../../../src/cli/run-cli.ts";
import type { DaemonResult } from "../../../../src/cli/daemon/daemon-client.ts";
import type { FileDetails, FileEntry } from "../../../../src/protocol/files.ts";
import { encodeFrame, FrameType } from "../../../../src/protocol/frames.ts";
import { fakeCli, FakeDaemon } from "../support/fake-cli.ts";
import { GuestDaemon } from "../support/fake-guest.ts";
import { status } from "../support/samples.ts";

async function run(args: string[], daemon = new FakeDaemon(), terminal = false) {
  const cli = fakeCli({ daemon, terminal });
  const code = await runCli(args, cli);
  return { code, out: cli.out(), err: cli.err(), calls: daemon.calls };
}

const details: FileDetails = {
  permissions: 0o644,
  links: 1,
  uid: 0,
  gid: 0,
  owner: "root",
  group: "root",
  size: 5,
  major: 0,
  minor: 0,
  modifiedAt: "2026-11-28T17:40:00.000Z",
  target: null,
};

const entry = (name: string, changes: Partial<FileEntry> = {}): FileEntry => ({
  name,
  type: "file",
  details,
  ...changes,
});

const listing = (entries: FileEntry[], changes: object = {}): DaemonResult<"files.list"> => ({
  distro: "debian",
  type: "directory",
  entries,
  more: false,
  ...changes,
});

describe("ls", () => {
  const sample = [
    entry(".hidden"),
    entry("a\n", {
      type: "directory",
      details: { ...details, permissions: 0o1777, links: 12, owner: null, uid: 7 },
    }),
    entry("link", { type: "symlink", details: { ...details, permissions: 0o777, target: "../t\u001b" } }),
    entry("null", { type: "character", details: { ...details, permissions: 0o666, major: 1, minor: 3 } }),
    entry("su", { details: { ...details, permissions: 0o6754, size: 123456 } }),
    entry("gone", { details: null }),
  ];
  const daemon = (answer = listing(sample)): FakeDaemon => new FakeDaemon({ "files.list": () => answer });

  test("one name on each line, those with a dot left out, and what a terminal would obey escaped", async () => {
    const { code, out, calls } = await run(["ls", "debian:/d"], daemon());
    expect([code, out]).toEqual([0, "a\\x0a\nlink\nnull\nsu\ngone\n"]);
    expect(calls).toEqual([
      ["files.list", { place: { in: "distro", distro: "debian", path: "/d" }, details: false, follow: true }],
    ]);
  });

  test("on a terminal in columns", async () => {
    expect((await run(["ls", "-a", "debian:/d"], daemon(), true)).out).toBe(
      ".hidden  a\\x0a  link  null  su  gone\n",
    );
  });

  test("-l", async () => {
    const { out, calls } = await run(["ls", "-l", "-u", "root", "debian:/d"], daemon());
    const local = out.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, "TIME");
    expect(local).toMatchInlineSnapshot(`
      "drwxrwxrwt 12 7    root      5 TIME a\\x0a
      lrwxrwxrwx  1 root root      5 TIME link -> ../t\\x1b
      crw-rw-rw-  1 root root   1, 3 TIME null
      -rwsr-sr--  1 root root 123456 TIME su
      -?????????  ? ?    ?         ? ?                gone
      "
    `);
    expect(calls[0]?.[1]).toMatchObject({ user: "root", details: true, follow: false });
  });

  test("--json has everything", async () => {
    const { out } = await run(["ls", "--json", "debian:/d"], daemon(listing([entry("caf\xe9")])));
    expect(JSON.parse(out)).toEqual({
      listings: [
        {
          path: "debian:/d",
          distro: "debian",
          type: "directory",
          entries: [
            {
              name: "caf\ufffd",
              bytes: "Y2Fm6Q==",
              type: "file",
              mode: "0644",
              links: 1,
              uid: 0,
              gid: 0,
              owner: "root",
              group: "root",
              size: 5,
              major: 0,
              minor: 0,
              modifiedAt: "2026-11-28T17:40:00.000Z",
              target: null,
            },
          ],
        },
      ],
    });
  });

  test("a large directory is asked for until there is no more", async () => {
    const pages = [listing([entry("a")], { more: true }), listing([entry("b")])];
    const paged = new FakeDaemon({ "files.list": () => pages.shift() ?? listing([]) });
    expect((await run(["ls", "debian:/d"], paged)).out).toBe("a\nb\n");
    expect(paged.calls[1]?.[1]).toMatchObject({ after: "a" });
  });

  test("several places have titles; a file is named as it was typed", async () => {
    const answers = [listing([entry("x")]), listing([entry("f")], { type: "file" })];
    const both = new FakeDaemon({ "files.list": () => answers.shift() ?? listing([]) });
    expect((await run(["ls", ":/d", ":/d/f"], both)).out).toBe(":/d:\nx\n:/d/f\n");
  });
});

describe("cat", () => {
  async function cat(args: string[], serve: (daemon: GuestDaemon) => Promise<void>) {
    const daemon = new GuestDaemon();
    const [result] = await Promise.all([run(["cat", ...args], daemon), serve(daemon)]);
    return result;
  }

  test("bytes as they are, and the connection says what is wanted", async () => {
    const result = await cat(["--user", "root", "debian:/etc/x"], async (daemon) => {
      const guest = await daemon.guest;
      expect(guest.header).toEqual({
        kind: "read",
        user: "root",
        place: { in: "distro", distro: "debian", path: "/etc/x" },
      });
      guest.progress("Starting debian");
      guest.stdout.end("caf\u00e9\n");
      await once(guest.stdout, "finish");
      guest.stream.write(encodeFrame(FrameType.exit, Buffer.of(0, 0)));
    });
    expect([result.code, result.out, result.err]).toEqual([0, "café\n", "tswsl: Starting debian\n"]);
  });

  test("a failure is reported, and is the exit status", async () => {
    const result = await cat(["debian:/etc/shadow"], async (daemon) => {
      const guest = await daemon.guest;
      guest.fail({
        code: "permission",
        message: "debian:/etc/shadow: permission denied",
        hint: "As root: --user root",
      });
    });
    expect([result.code, result.err]).toEqual([
      7,
      "tswsl: debian:/etc/shadow: permission denied\n  → As root: --user root\n",
    ]);
  });
});

describe("cp", () => {
  const copied: DaemonResult<"files.copy"> = {
    files: 12,
    directories: 1,
    others: 0,
    bytes: 2048,
    failed: 0,
    failures: [],
  };

  test("says what was copied, and asks for just that", async () => {
    const daemon = new FakeDaemon({ "files.copy": () => copied });
    const { code, out, calls } = await run(["cp", "-r", "src", "/etc/hosts", "debian:work"], daemon);
    expect([code, out]).toEqual([0, "12 files, 1 directory copied (2.00 KiB).\n"]);
    expect(calls).toEqual([
      [
        "files.copy",
        {
          sources: [
            { in: "host", path: "/srv/here/src" },
            { in: "host", path: "/etc/hosts" },
          ],
          target: { in: "distro", distro: "debian", path: "work" },
          recursive: true,
        },
      ],
    ]);
  });

  test("--json", async () => {
    const daemon = new FakeDaemon({ "files.copy": () => copied });
    const { out, err } = await run(["cp", "--json", "debian:/x", "."], daemon);
    expect([JSON.parse(out), err]).toEqual([{ result: "copied", ...copied }, ""]);
  });

  test("what was left out is told, and the first of it is the exit status", async () => {
    const failures = [{ path: "debian:/etc/shadow", code: "permission", message: "permission denied" }];
    const daemon = new FakeDaemon({ "files.copy": () => ({ ...copied, failed: 3, failures }) });
    const { code, err } = await run(["cp", "-r", "debian:/etc", "."], daemon);
    expect([code, err]).toEqual([
      7,
      "tswsl: debian:/etc/shadow: permission denied\ntswsl: and 2 more could not be copied\n",
    ]);
  });

  test("needs both sides", async () => {
    expect(await run(["cp", "debian:/x"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("needs TARGET"),
    });
  });
});

test("cp, ls and cat without a distribution's place are commands of the default one", async () => {
  for (const args of [["ls", "-l", "/etc"], ["cat"], ["cp", "a", "b"]]) {
    const daemon = new GuestDaemon();
    const running = run(args, daemon);
    const guest = await daemon.guest;
    expect(guest.header.kind).toBe("exec");
    await guest.exit("status", 3);
    expect((await running).code).toBe(3);
  }
});

describe("path", () => {
  test.each([
    [["path", "."], "/mnt/host/srv/here\n"],
    [["path", "/home/tester/tswsl/debian/etc"], "/etc\n"],
    [["path", "debian:/etc"], "/home/tester/tswsl/debian/etc\n"],
    [["path", "-w", "-d", "debian", "/etc"], "/home/tester/tswsl/debian/etc\n"],
    [["path", "-m", "debian:/mnt/host/srv"], "/srv\n"],
    [["path", "-u", "debian:/etc"], "/etc\n"],
  ])("%j asks nobody", async (args, out) => {
    expect(await run(args)).toEqual({ code: 0, out, err: "", calls: [] });
  });

  test("the default distribution is the daemon's to tell", async () => {
    const daemon = new FakeDaemon({ status: () => status });
    expect((await run(["path", "-w", "/etc"], daemon)).out).toBe("/home/tester/tswsl/debian/etc\n");
    expect((await run(["path", ":/etc"], daemon)).out).toBe("/home/tester/tswsl/debian/etc\n");
    const none = new FakeDaemon({ status: () => ({ ...status, defaultDistro: null }) });
    expect((await run(["path", ":/etc"], none)).code).toBe(3);
  });

  test("--json", async () => {
    const { out } = await run(["path", "--json", "/home/tester/tswsl/debian/etc"]);
    expect(JSON.parse(out)).toEqual({ distro: "debian", path: "/etc" });
  });

  test.each([
    [["path", "debian:notes"], "'notes' is not an absolute path of a distribution"],
    [["path", "-w", "notes"], "'notes' is not an absolute path of a distribution"],
    [["path", "-u", "-w", "/x"], "-u, -w and -m cannot be used together"],
    [["path", "-d", "alpine", "/home/tester/tswsl/debian/x"], "is in debian, which 'alpine' cannot see"],
  ])("%j is refused", async (args, message) => {
    const { code, err } = await run(args);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe("open", () => {
  test("without a desktop says so, and where the files are", async () => {
    expect(await run(["open", "/"])).toMatchObject({
      code: 8,
      err: expect.stringMatching(/no desktop here.*\n {2}→ It is at \/\n/),
    });
  });

  test("what is not there is not shown", async () => {
    expect(await run(["open", "none"])).toMatchObject({
      code: 3,
      err: "tswsl: there is no '/srv/here/none'\n",
    });
  });

  test("a distribution's place is found by the daemon", async () => {
    const found = { distro: "debian", path: "/home/me", type: "directory" } as const;
    const daemon = new FakeDaemon({ "files.stat": () => found });
    expect(await run(["open"], daemon)).toMatchObject({
      code: 8,
      err: expect.stringContaining("no '/home/tester/tswsl/debian/home/me'"),
      calls: [["files.stat", { place: { in: "distro", path: "" } }]],
    });
    const missing = new FakeDaemon({
      "files.stat": () => Promise.reject(new TswslError("not-found", "debian:/x: no such file or directory")),
    });
    expect((await run(["open", "debian:/x"], missing)).code).toBe(3);
  });
});
