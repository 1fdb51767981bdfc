import { chmod, mkdir, readFile, readlink, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inDebian, shared } from "../support/debian.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

const there = (path: string): string => `/mnt/host${path}`;

test("the host's root is /mnt/host, for reading and writing", async () => {
  const folder = await temporaryDirectory();
  await writeFile(join(folder, "from-host"), "hello\n");
  const line = `cd ${there(folder)} && cat from-host && echo back >from-guest && ln -s from-guest link && mkdir -m 700 sub`;
  const result = await inDebian(line);
  expect(result).toMatchObject({ text: "hello", stderr: "", status: 0 });
  expect(await readFile(join(folder, "from-guest"), "utf8")).toBe("back\n");
  expect(await readlink(join(folder, "link"))).toBe("from-guest");
  expect((await stat(join(folder, "sub"))).mode & 0o777).toBe(0o700);
});

test("what the host changes is seen at once", async () => {
  const folder = await temporaryDirectory();
  const file = join(folder, "file");
  const read = async (): Promise<string> => (await inDebian(`cat ${there(file)}; ls ${there(folder)}`)).text;
  await writeFile(file, "one\n");
  expect(await read()).toBe("one\nfile");
  await writeFile(file, "another\n");
  await writeFile(join(folder, "new"), "");
  expect(await read()).toBe("another\nfile\nnew");
});

test("large files are the same on both sides", async () => {
  const folder = await temporaryDirectory();
  const line = `cd ${there(folder)} && head -c 20000000 /dev/urandom | tee big | sha256sum && sha256sum <big`;
  const [written, read] = (await inDebian(line)).text.split("\n");
  expect(read).toBe(written);
  const { createHash } = await import("node:crypto");
  const digest = createHash("sha256")
    .update(await readFile(join(folder, "big")))
    .digest("hex");
  expect(written).toContain(digest);
});

test("names that are not UTF-8, names of 255 bytes, and a directory of 1,000", async () => {
  const folder = await temporaryDirectory();
  const line = [
    `cd ${there(folder)}`,
    `touch "$(printf 'a\\377b')" ${"n".repeat(255)}`,
    "mkdir many && cd many && seq 1000 | xargs touch && ls | wc -l && ls .. | wc -l && rm -r ../many",
  ].join(" && ");
  expect((await inDebian(line)).text).toBe("1000\n3");
});

test("git works in a checkout of the host", async () => {
  const folder = await temporaryDirectory();
  const line = [
    `git init -q ${there(folder)}/repo && cd ${there(folder)}/repo`,
    "git config user.email a@b.c && git config user.name a && seq 50 | xargs touch && git add . && git commit -qm one",
    "git gc -q && git fsck --strict && git status --porcelain && git log --oneline | wc -l",
  ].join(" && ");
  const result = await inDebian(
    `command -v git >/dev/null || { apt-get -qq update && apt-get -qq install -y git; } >/dev/null 2>&1; ${line}`,
    { timeoutMs: 300_000 },
  );
  expect(result.stderr).toBe("");
  expect(result.text).toBe("1");
}, 320_000);

test("a link of the host is a link in the distro: it leads nowhere by itself", async () => {
  const folder = await temporaryDirectory();
  await symlink("/etc/hostname", join(folder, "link"));
  const result = await inDebian(
    `readlink ${there(folder)}/link; cat ${there(folder)}/link; cat /etc/hostname`,
  );
  const [target, through, own] = result.text.split("\n");
  expect(target).toBe("/etc/hostname");
  expect(through).toBe(own);
});

test("mount-host shows one folder, read-only, at once and until it is taken away", async () => {
  const folder = await temporaryDirectory();
  await writeFile(join(folder, "file"), "seen\n");
  await chmod(folder, 0o755);
  await inDebian("true");
  await shared().ok(["mount-host", folder, "/srv/photos", "--read-only"]);
  const result = await inDebian("cat /srv/photos/file; touch /srv/photos/mine");
  expect(result.text).toBe("seen");
  expect(result.stderr).toContain("Read-only file system");
  expect(await shared().ok(["mount-host"])).toBe(`/srv/photos  ${folder}  read-only`);
  await shared().ok(["mount-host", "--remove", "/srv/photos"]);
  expect((await inDebian("ls -A /srv/photos")).text).toBe("");
  expect((await shared().run(["mount-host", "--remove", "/srv/photos"])).status).toBe(3);
});

test("mount-host shows a folder whose path is longer than a name can be", async () => {
  const folder = join(await temporaryDirectory(), "ünï and long ".repeat(15), "n".repeat(200));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "file"), "deep\n");
  await inDebian("true");
  await shared().ok(["mount-host", folder, "/srv/deep"]);
  const result = await inDebian("cat /srv/deep/file; wslpath -w /srv/deep");
  expect(result).toMatchObject({ text: `deep\n${folder}`, stderr: "" });
  await shared().ok(["mount-host", "--remove", "/srv/deep"]);
});

test("without the host's files a distro has only the folders chosen for it", async () => {
  const folder = await temporaryDirectory();
  await mkdir(join(folder, "chosen"));
  await writeFile(join(folder, "chosen", "file"), "mine\n");
  await writeFile(join(folder, "secret"), "not yours\n");
  try {
    await shared().ok(["mount-host", join(folder, "chosen"), "/chosen"]);
    await shared().ok(["set", "--host-files", "none"]);
    await shared().ok(["terminate", "debian"]);
    const secret = encodeURIComponent(folder);
    const line = `cat /chosen/file; ls /mnt/host; cat /run/tswsl/host/path=${secret}/secret /chosen/../secret`;
    const result = await inDebian(line);
    expect(result.text).toBe("mine");
    expect(result.stderr).not.toContain("not yours");
  } finally {
    await shared().ok(["set", "--host-files", "read-write"]);
    await shared().ok(["mount-host", "--remove", "/chosen"]);
    await shared().ok(["terminate", "debian"]);
  }
});
