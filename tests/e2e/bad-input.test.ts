import { execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { shared } from "../support/debian.ts";
import { Instance } from "../support/instance.ts";
import { handmadeTar, type TarEntry } from "../support/tar.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { tinyRoot } from "../support/tiny-root.ts";

/** A small root file system, as a tar: what tswsl takes for a distribution, and no more. */
function smallRoot(directory: string, name = "root.tar"): string {
  const root = join(directory, "root");
  for (const path of ["etc", "bin", "big"]) mkdirSync(join(root, path), { recursive: true });
  writeFileSync(join(root, "etc/os-release"), 'ID=tiny\nVERSION_ID="1"\n');
  writeFileSync(join(root, "bin/sh"), "#!/bin/false\n", { mode: 0o755 });
  writeFileSync(join(root, "big/noise"), randomBytes(4 * 1024 * 1024));
  const archive = join(directory, name);
  execFileSync("tar", ["-C", root, "-caf", archive, "."]);
  return archive;
}

async function refused(args: readonly string[], status: number, message: RegExp): Promise<void> {
  const before = await shared().ok(["list", "--all", "-q"]);
  const result = await shared().run(["install", ...args]);
  expect(result.stderr).toMatch(message);
  expect(result.stderr).toContain("→");
  expect(result.status).toBe(status);
  expect(await shared().ok(["list", "--all", "-q"])).toBe(before);
}

describe("archives that cannot become a distribution", () => {
  test.each(["gz", "xz", "zst"])("a truncated .tar.%s", async (suffix) => {
    const directory = await temporaryDirectory();
    const archive = smallRoot(directory, `root.tar.${suffix}`);
    execFileSync("truncate", ["-s", "-100000", archive]);
    await refused(
      ["--from-file", archive, "--name", "cut"],
      2,
      /cannot be unpacked|damaged|truncated|unexpected end/i,
    );
  });

  test("a corrupt one", async () => {
    const directory = await temporaryDirectory();
    const archive = smallRoot(directory, "root.tar.gz");
    execFileSync("dd", [
      "if=/dev/urandom",
      `of=${archive}`,
      "bs=1000",
      "count=2",
      "seek=1000",
      "conv=notrunc",
      "status=none",
    ]);
    await refused(["--from-file", archive, "--name", "bad"], 2, /cannot be unpacked|damaged/i);
  });

  test("something that is no archive", async () => {
    const directory = await temporaryDirectory();
    const file = join(directory, "notes.tar");
    writeFileSync(file, "these are notes\n".repeat(100));
    await refused(["--from-file", file, "--name", "notes"], 2, /archive/i);
  });

  test("an archive that holds no root file system", async () => {
    const directory = await temporaryDirectory();
    mkdirSync(join(directory, "x/photos"), { recursive: true });
    execFileSync("tar", ["-C", join(directory, "x"), "-cf", join(directory, "x.tar"), "."]);
    await refused(["--from-file", join(directory, "x.tar"), "--name", "x"], 2, /not a root file system/i);
  });

  test("the wrong SHA-256", async () => {
    const directory = await temporaryDirectory();
    const archive = smallRoot(directory);
    await refused(["--from-file", archive, "--name", "s", "--sha256", "0".repeat(64)], 2, /SHA-256/);
  });

  test("a file that is not there", async () => {
    await refused(["--from-file", "/no/such/file.tar", "--name", "none"], 3, /\/no\/such\/file\.tar/);
  });

  test("an archive without a name of its own, and none given", async () => {
    const directory = await temporaryDirectory();
    await refused(["--from-file", smallRoot(directory)], 2, /name/i);
  });
});

describe("archives that reach for what is not theirs", () => {
  const root: TarEntry[] = [
    { path: "etc/", type: "5" },
    { path: "etc/os-release", content: "ID=tiny\n" },
  ];

  test.each<[string, TarEntry[]]>([
    ["a path with ..", [{ path: "../../escaped", content: "x" }]],
    ["a hard link through ..", [{ path: "link", type: "1", target: "../../../store/x" }]],
    [
      "a hard link to a file of the virtual machine",
      [{ path: "link", type: "1", target: "/sbin/mkfs.btrfs" }],
    ],
    [
      "a path through a symbolic link that leads outside",
      [
        { path: "out", type: "2", target: "/" },
        { path: "out/etc/escaped", content: "x" },
      ],
    ],
  ])("%s is refused", async (_, entries) => {
    const file = join(await temporaryDirectory(), "evil.tar");
    writeFileSync(file, handmadeTar([...root, ...entries]));
    await refused(["--from-file", file, "--name", "evil"], 2, /the archive cannot be unpacked: tar: /);
  });

  test("absolute paths and devices stay within", async () => {
    const directory = await temporaryDirectory();
    const archive = tinyRoot(directory);
    const more = join(directory, "more.tar");
    writeFileSync(
      more,
      handmadeTar([
        { path: "/absolute", content: "x" },
        { path: "null", type: "3", device: { major: 1, minor: 3 } },
      ]),
    );
    execFileSync("tar", ["--concatenate", "-f", archive, more]);
    await shared().ok(["install", "--from-file", archive, "--name", "within"]);
    try {
      expect(await shared().ok(["-d", "within", "-e", "sh", "-c", "cat /absolute; echo gone > /null"])).toBe(
        "x",
      );
      // Neither in the virtual machine, where the other distribution would see it, nor here.
      expect((await shared().run(["-d", "debian", "-e", "cat", "/absolute"])).status).not.toBe(0);
      expect(existsSync("/absolute")).toBe(false);
    } finally {
      await shared().ok(["unregister", "within", "--yes"]);
    }
  });
});

describe("names", () => {
  test("one that is taken, in any case", async () => {
    const directory = await temporaryDirectory();
    await refused(["--from-file", smallRoot(directory), "--name", "DEBIAN"], 4, /already installed/);
  });

  test.each(["a b", "../x", "-x", "ä"])("'%s'", async (name) => {
    const directory = await temporaryDirectory();
    await refused(["--from-file", smallRoot(directory), `--name=${name}`], 2, /cannot be the name|name/i);
  });
});

describe("an instance of its own", () => {
  let instance: Instance;

  beforeAll(async () => {
    instance = await Instance.create();
    return () => instance.remove();
  });

  test.skipIf(process.getuid?.() !== 0)(
    `a socket in somebody else's directory is not trusted${process.getuid?.() === 0 ? "" : " (skipped: only root can give files away)"}`,
    async () => {
      const runtime = join(instance.home, "run");
      mkdirSync(runtime, { mode: 0o700 });
      chownSync(runtime, 65_534, 65_534);
      try {
        for (const args of [["list"], ["true"]]) {
          const result = await instance.run(args);
          expect(result.stderr).toContain(`${runtime} must be a directory of yours that is closed to others`);
          expect(result.stderr).toContain(`ls -ld ${runtime}`);
          expect(result.status).toBe(args[0] === "list" ? 7 : 125);
        }
      } finally {
        rmdirSync(runtime);
      }
    },
  );

  test("an unknown distribution of the catalogue is named", async () => {
    const result = await instance.run(["install", "no-such-distro"]);
    expect(result.stderr).toContain("no-such-distro");
    expect(result.stderr).toContain("tswsl list --online");
    expect(result.status).toBe(3);
  });

  test("without QEMU the error says how to get it, and the archive is not lost", async () => {
    const directory = await temporaryDirectory();
    const archive = smallRoot(directory);
    await instance.stop();
    // The directories that the daemon's own helpers are in, without QEMU's.
    for (const tool of ["flock", "setpriv", "readlink", "sh"]) {
      execFileSync("ln", [
        "-s",
        execFileSync("which", [tool], { encoding: "utf8" }).trim(),
        join(directory, tool),
      ]);
    }
    const result = await instance.run(["install", "--from-file", archive, "--name", "t"], {
      env: { PATH: directory },
    });
    expect(result.stderr).toMatch(/QEMU|qemu/);
    expect(result.stderr).toContain("apt-get install qemu-system-x86");
    expect(result.status).toBe(8);
    await instance.stop();
    expect(await instance.json<{ distros: unknown[] }>(["list"])).toMatchObject({ distros: [] });
  });

  test("with nothing installed, a command says what to install", async () => {
    const result = await instance.run(["true"]);
    expect(result.status).toBe(125);
    expect(result.stderr).toContain("tswsl install debian");
  });
});
