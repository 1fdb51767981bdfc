import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inDebian, shared } from "../support/debian.ts";
import { installSmall } from "../support/small-distro.ts";
import { treeListing } from "../support/tree-listing.ts";
import { vmProcesses } from "../support/vm-processes.ts";

const here = mkdtempSync(join(tmpdir(), "tswsl-files-"));
const at = (...names: string[]): string => join(here, ...names);
const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

beforeAll(async () => {
  const made = await inDebian(`useradd --create-home reader
mkdir -p /srv/files && cd /srv/files && head -c 3000001 /dev/urandom > random && sha256sum < random
printf 'x' > "$(printf 'caf\\351\\nx')" && ln random again && ln -s ../../etc/os-release link && mkfifo pipe
mkdir empty && chmod 1703 empty && touch -d 2001-02-03T04:05:06Z empty random && truncate -s 50M holes
truncate -s 4G /srv/zeros`);
  if (made.status !== 0) throw new Error(made.stderr);
}, 15000);

afterAll(async () => {
  rmSync(here, { recursive: true, force: true });
  await inDebian("userdel --remove reader; rm -rf /srv/files /srv/zeros /srv/back ~/from-home");
});

describe("ls", () => {
  test("has what the distribution's own ls has", async () => {
    const own = await inDebian("LC_ALL=C ls -1A /etc");
    expect(await shared().ok(["ls", "-a", "debian:/etc"])).toBe(own.text);
    // Through a link, in the default distribution, below the home directory.
    expect(await shared().ok(["ls", ":/lib/../bin/sh"])).toBe(":/lib/../bin/sh");
    await inDebian("touch ~/from-home");
    expect(await shared().ok(["ls", "debian:"])).toContain("from-home");
    expect(await shared().ok(["ls", "debian:/srv/files"])).toContain("caf\\xe9\\x0ax");
  });

  test("-l has modes, owners, sizes, times and targets", async () => {
    const { listings } = await shared().json<{ listings: { entries: Record<string, unknown>[] }[] }>([
      "ls",
      "debian:/srv/files",
    ]);
    const entries = Object.fromEntries((listings[0]?.entries ?? []).map((entry) => [entry["name"], entry]));
    expect(entries["random"]).toMatchObject({
      type: "file",
      mode: "0644",
      links: 2,
      owner: "root",
      size: 3_000_001,
      modifiedAt: "2001-02-03T04:05:06.000Z",
    });
    expect(entries["link"]).toMatchObject({ type: "symlink", target: "../../etc/os-release" });
    expect(entries["pipe"]).toMatchObject({ type: "fifo" });
    expect(entries["caf\ufffd\nx"]).toMatchObject({
      bytes: Buffer.from("caf\xe9\nx", "latin1").toString("base64"),
    });
    expect(await shared().ok(["ls", "-l", "debian:/srv/files"])).toMatch(/^drwx----wt .* empty$/m);
  });

  test("a large directory is complete", async () => {
    await inDebian(
      "mkdir -p /srv/files/many && cd /srv/files/many && seq -f 'file-%06.0f' 5000 | xargs touch",
    );
    const listed = await shared().ok(["ls", "debian:/srv/files/many"]);
    expect(listed).toBe(
      Array.from({ length: 5000 }, (_, n) => `file-${`${n + 1}`.padStart(6, "0")}`).join("\n"),
    );
    await inDebian("rm -rf /srv/files/many");
  });

  test("what is not there, who does not exist, and the distribution's own ls", async () => {
    const missing = await shared().run(["ls", "debian:/none"]);
    expect([missing.status, missing.stderr]).toEqual([3, "tswsl: debian:/none: no such file or directory\n"]);
    const nobody = await shared().run(["ls", "-u", "somebody", "debian:/"]);
    expect([nobody.status, nobody.stderr]).toEqual([
      3,
      expect.stringContaining("no user 'somebody' in 'debian'"),
    ]);
    const own = await shared().run(["ls", "--version"]);
    expect(own.text).toContain("coreutils");
  });
});

describe("cat", () => {
  test("is byte for byte what is there", async () => {
    const { stdout } = await shared().run(["cat", "debian:/srv/files/random", "debian:/etc/os-release"]);
    const own = await inDebian("cat /srv/files/random /etc/os-release");
    expect(sha256(stdout)).toBe(sha256(own.stdout));
    // What is mounted in a distribution is not its files.
    expect((await shared().run(["cat", "debian:/proc/version"])).status).toBe(3);
  });

  test("goes on after what cannot be read, and says so", async () => {
    const result = await shared().run(["cat", "-u", "reader", "debian:/etc/shadow", "debian:/etc/hostname"]);
    expect(result.stderr).toBe("tswsl: debian:/etc/shadow: permission denied\n  → As root: --user root\n");
    expect([result.status, result.text]).toEqual([7, (await inDebian("cat /etc/hostname")).text]);
    expect((await shared().run(["cat", "debian:/srv/files/pipe"])).status).toBe(6);
  });

  test("a reader that has had enough ends it", async () => {
    const cat = shared().spawn(["cat", "debian:/srv/zeros"]);
    await once(cat.stdout ?? cat, "data");
    cat.stdout?.destroy();
    expect(await once(cat, "close")).toEqual([141, null]);
  });
});

describe("cp", () => {
  test("-r --user root of /etc equals what tar gives", async () => {
    await shared().ok(["cp", "-r", "--user", "root", "debian:/etc", at("etc-copy")]);
    await untar("/", "etc", at("tar"));
    expect(treeListing(at("etc-copy"))).toEqual(treeListing(at("tar", "etc")));
  });

  test("every kind of file, names of any bytes, hard links, holes and the times of directories", async () => {
    const { failed } = await shared().json<{ failed: number }>([
      "cp",
      "-r",
      "debian:/srv/files",
      at("files-copy"),
    ]);
    expect(failed).toBe(0);
    await untar("/srv", "files", at("tar"));
    expect(treeListing(at("files-copy"))).toEqual(treeListing(at("tar", "files")));
    const { blocks, size } = statSync(at("files-copy", "holes"));
    expect(size).toBe(50 * 1024 * 1024);
    expect(blocks * 512).toBeLessThan(size / 2);
  });

  test("there and back again is the same tree", async () => {
    mkdirSync(at("out", "sub"), { recursive: true });
    writeFileSync(at("out", "random"), randomBytes(5_000_000));
    writeFileSync(at("out", "sub", "täg: ein Test"), "x", { mode: 0o751 });
    symlinkSync("../random", at("out", "sub", "link"));
    writeFileSync(at("out", "empty"), "");
    writeFileSync(at("out", "sparse"), "begin");
    truncateSync(at("out", "sparse"), 9_000_000);
    await shared().ok(["cp", "-r", at("out"), "debian:/srv/back"]);
    await shared().ok(["cp", "-r", "debian:/srv/back", at("back")]);
    expect(treeListing(at("back"))).toEqual(treeListing(at("out")));
    const inside = await inDebian(
      "cat '/srv/back/sub/täg: ein Test'; stat -c '%a %U' '/srv/back/sub/täg: ein Test'",
    );
    expect(inside.text).toBe("x751 root");
  });

  test("a user's permissions hold, and what is made is the user's", async () => {
    const partly = await shared().run(["cp", "-r", "-u", "reader", "debian:/etc", at("etc-reader")]);
    expect(partly.status).toBe(7);
    expect(partly.stderr).toContain("tswsl: debian:/etc/shadow: permission denied\n");
    expect(existsSync(at("etc-reader", "shadow"))).toBe(false);
    expect(existsSync(at("etc-reader", "passwd"))).toBe(true);
    await shared().ok(["cp", "-u", "reader", at("out", "random"), "debian:"]);
    expect((await inDebian("stat -c '%U %G %s' /home/reader/random")).text).toBe("reader reader 5000000");
    const refused = await shared().run(["cp", "-u", "reader", at("out", "random"), "debian:/etc/"]);
    expect([refused.status, refused.stderr]).toEqual([7, expect.stringContaining("permission denied")]);
    expect((await inDebian("ls -A /etc | grep partial")).text).toBe("");
  });

  test("from one distribution to another, and within one", async () => {
    await installSmall(shared(), "other");
    await shared().ok(["cp", "-r", "debian:/srv/files", "other:/copied"]);
    await shared().ok(["cp", "-r", "other:/copied", "other:/again"]);
    await shared().ok(["cp", "-r", "-u", "root", "other:/again", at("other")]);
    expect(treeListing(at("other"))).toEqual(treeListing(at("files-copy")));
    await shared().ok(["unregister", "other", "--yes"]);
  }, 300_000);

  test("what makes no sense is refused", async () => {
    const refused = async (...args: string[]): Promise<[number | null, string]> => {
      const { status, stderr } = await shared().run(["cp", ...args]);
      return [status, stderr.split("\n")[0] ?? ""];
    };
    expect(await refused("-r", "debian:/srv", "debian:/srv/files")).toEqual([
      2,
      "tswsl: '/srv' cannot be copied into itself",
    ]);
    expect(await refused("debian:/srv", at())).toEqual([
      2,
      "tswsl: debian:/srv: is a directory, which is copied only with -r",
    ]);
    expect(await refused("debian:/none", at())).toEqual([
      3,
      "tswsl: debian:/none: no such file or directory",
    ]);
  });

  test("Ctrl-C leaves no half file", async () => {
    const cp = shared().spawn(["cp", "debian:/srv/zeros", at()]);
    for (;;) {
      if (readdirSync(here).some((name) => name.startsWith(".tswsl-partial-"))) break;
      expect(cp.exitCode).toBe(null);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    cp.kill("SIGINT");
    expect(await once(cp, "close")).toEqual([130, null]);
    await expect.poll(() => readdirSync(here).filter((name) => /partial|zeros/.test(name))).toEqual([]);
  });

  test("a guest that hangs is an error, and the next command works", async () => {
    const [vm] = vmProcesses(shared().home);
    if (vm === undefined) throw new Error("no virtual machine runs");
    const cat = shared().spawn(["cat", "debian:/srv/zeros"]);
    await once(cat.stdout ?? cat, "data");
    process.kill(vm, "SIGSTOP");
    try {
      cat.stdout?.resume();
      expect((await once(cat, "close"))[0]).toBe(9);
      expect((await shared().run(["ls", "debian:/"], { timeoutMs: 30_000 })).status).toBe(9);
    } finally {
      process.kill(vm, "SIGCONT");
    }
    await expect
      .poll(async () => (await shared().run(["ls", "debian:/"])).status, { timeout: 60_000 })
      .toBe(0);
  });
});

test("a distribution that is stopped is started for its files, and the files' end does not keep it", async () => {
  await shared().ok(["terminate", "debian"]);
  expect(await shared().ok(["cat", "debian:/etc/debian_version"])).toMatch(/^\d+/);
  await shared().ok(["terminate", "debian"]);
  expect(await shared().ok(["ls", "debian:/etc/debian_version"])).toBe("debian:/etc/debian_version");
});

test("open finds the place before it looks for a desktop", async () => {
  const env = { DISPLAY: "", WAYLAND_DISPLAY: "" };
  const missing = await shared().run(["open", "debian:/none"], { env });
  expect([missing.status, missing.stderr]).toEqual([3, "tswsl: debian:/none: no such file or directory\n"]);
  expect((await shared().run(["open", here], { env })).stderr).toContain("there is no desktop here");
});

test("path asks no virtual machine", async () => {
  expect(await shared().ok(["path", "/srv"])).toBe("/mnt/host/srv");
  expect(await shared().ok(["path", "debian:/mnt/host/srv"])).toBe("/srv");
  expect(await shared().ok(["path", ":/etc"])).toBe(join(shared().home, "folders/debian/etc"));
});

/** What tar makes of a directory of Debian on this host, with owners where we may give files away. */
async function untar(parent: string, name: string, target: string): Promise<void> {
  mkdirSync(target, { recursive: true });
  const pack = shared().spawn([
    "-d",
    "debian",
    "-u",
    "root",
    "--",
    "tar",
    "-C",
    parent,
    "-cf",
    "-",
    "--sparse",
    name,
  ]);
  const unpack = spawn("tar", ["-C", target, "-xpf", "-"], { stdio: ["pipe", "inherit", "inherit"] });
  pack.stdout?.pipe(unpack.stdin);
  expect(await once(unpack, "close")).toEqual([0, null]);
  expect(readFileSync(join(target, name === "etc" ? "etc/passwd" : "files/random")).length).toBeGreaterThan(
    0,
  );
}
