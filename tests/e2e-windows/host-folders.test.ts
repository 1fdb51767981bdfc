import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderOnC, inWindows } from "../support/windows/folder-on-c.ts";
import { inDebian, shared } from "../support/windows/shared-windows.ts";

async function ok(...args: string[]): Promise<string> {
  return (await shared()).ok(args);
}

/** Runs a line in a distribution that has just started with this file in its /etc. */
async function startedWith(file: string, content: string, line: string): Promise<string> {
  await inDebian(`cp -p /etc/${file} /root/${file}.before 2>/dev/null; cat >/etc/${file}`, {
    input: content,
  });
  try {
    await ok("terminate", "debian");
    const { text, stderr } = await inDebian(line);
    expect(stderr).toBe("");
    return text;
  } finally {
    await inDebian(`mv /root/${file}.before /etc/${file} 2>/dev/null || rm /etc/${file}`);
    await ok("terminate", "debian");
  }
}

test("drive C: is /mnt/c", async () => {
  const result = await (await shared()).run(["-d", "debian", "--", "ls", "/mnt/c"]);
  expect(result).toMatchObject({ stderr: "", status: 0 });
  expect(result.text.split("\n")).toEqual(expect.arrayContaining(["users", "windows"]));
});

test("what one side writes the other side reads", async () => {
  const { windows, debian } = await folderOnC();
  await inWindows(`echo from Windows> ${windows}\\one.txt`);
  expect((await inDebian(`cat ${debian}/one.txt`)).stdout.toString()).toBe("from Windows\r\n");
  const written = await inDebian(`echo from Linux > ${debian}/two.txt`);
  expect(written).toMatchObject({ stderr: "", status: 0 });
  expect(await inWindows(`type ${windows}\\two.txt`)).toBe("from Linux");
  await inWindows(`echo changed> ${windows}\\one.txt`);
  await inWindows(`mkdir ${windows}\\new`);
  expect((await inDebian(`cat ${debian}/one.txt; ls ${debian}`)).text).toBe(
    "changed\r\nnew\none.txt\ntwo.txt",
  );
});

test("blanks, other scripts, and paths longer than Windows's 260 characters", async () => {
  const { linux, debian } = await folderOnC();
  const deep = `a folder with blanks/Ünï ☃/${"long".repeat(40)}/${"longer".repeat(30)}`;
  const made = await inDebian(`mkdir -p "${debian}/${deep}" && echo deep > "${debian}/${deep}/filé"`);
  expect(made).toMatchObject({ stderr: "", status: 0 });
  expect(await readFile(join(linux, deep, "filé"), "utf8")).toBe("deep\n");
  await writeFile(join(linux, deep, "back"), "seen");
  expect((await inDebian(`cat "${debian}/${deep}/back"; rm -r "${debian}/a folder with blanks"`)).text).toBe(
    "seen",
  );
});

test("20 MB there and back", async () => {
  const { linux, debian } = await folderOnC();
  const content = randomBytes(20_000_000);
  await writeFile(join(linux, "in"), content);
  const line = `cd ${debian} && cat in >out && sha256sum <out`;
  const digest = createHash("sha256").update(content).digest("hex");
  expect((await inDebian(line)).text).toBe(`${digest}  -`);
  expect((await readFile(join(linux, "out"))).equals(content)).toBe(true);
});

test("git works in a checkout on drive C:", async () => {
  const { debian } = await folderOnC();
  const line = [
    `cd ${debian} && git init -q repo && cd repo`,
    "git config user.email a@b.c && git config user.name a && seq 20 | xargs touch && git add . && git commit -qm one",
    "git repack -adq && git fsck --strict && git status --porcelain && git log --oneline | wc -l",
  ].join(" && ");
  // Hundreds of directories are looked for one after the other, each through Wine's server.
  expect(await inDebian(line, { timeoutMs: 400_000 })).toMatchObject({ stderr: "", text: "1" });
}, 420_000);

test("a command begins where the caller is, else in the home directory", async () => {
  const { linux, windows, debian } = await folderOnC();
  const instance = await shared();
  expect((await instance.run(["-d", "debian", "--", "pwd"], { cwd: linux })).text).toBe(debian);
  expect(await ok("-d", "debian", "--cd", windows, "--", "pwd")).toBe(debian);
  expect(await ok("-d", "debian", "--cd", `${windows}\\absent`, "--", "pwd")).toBe("/root");
});

test("wslpath and tswsl.exe path agree, both ways", async () => {
  const { windows, debian } = await folderOnC();
  const { text } = await inDebian(
    `wslpath '${windows}\\x'; wslpath -w ${debian}/y; wslpath -m ${debian}; wslpath -w /etc`,
  );
  expect(text.split("\n")).toEqual([
    `${debian}/x`,
    `${windows}\\y`,
    windows.replace("\\", "/"),
    String.raw`\\tswsl$\debian\etc`,
  ]);
  expect(await ok("path", `${windows}\\x`)).toBe(`${debian}/x`);
  expect(await ok("path", "-w", "-d", "debian", `${debian}/y`)).toBe(`${windows}\\y`);
});

test("mount-host shows one folder, read-only, at once and until it is taken away", async () => {
  const { linux, windows } = await folderOnC();
  await mkdir(join(linux, "my photos"));
  await writeFile(join(linux, "my photos", "file"), "seen\n");
  await inDebian("true");
  // Windows does not mind how its names are spelled.
  await ok("mount-host", `${windows.toLowerCase()}\\MY photos`, "/srv/photos", "--read-only");
  const result = await inDebian("cat /srv/photos/file; touch /srv/photos/mine; wslpath -w /srv/photos/file");
  expect(result.text).toBe(`seen\n${windows}\\my photos\\file`);
  expect(result.stderr).toContain("Read-only file system");
  expect(await ok("mount-host")).toBe(`/srv/photos  ${windows}\\my photos  read-only`);
  await ok("mount-host", "--remove", "/srv/photos");
  expect((await inDebian("ls -A /srv/photos")).text).toBe("");
});

test("a folder that cannot be mounted is told of", async () => {
  const { windows } = await folderOnC();
  const instance = await shared();
  const absent = await instance.run(["mount-host", `${windows}\\absent`, "/srv/x"]);
  expect(absent.stderr).toContain(`the folder '${windows}\\absent' cannot be found`);
  const share = await instance.run(["mount-host", String.raw`\\server\share`, "/srv/x"]);
  expect(share.stderr).toContain("is not on a drive of this computer");
});

test("mount -t drvfs, with options, and what it must not have", async () => {
  const { linux, windows, debian } = await folderOnC();
  await writeFile(join(linux, "file"), "");
  const lines = [
    "mkdir -p /tmp/x",
    `mount -t drvfs '${windows}' /tmp/x -o ro,uid=1234,umask=077`,
    "stat -c '%u %A' /tmp/x/file | sed 's/-rw./rights /'",
    "touch /tmp/x/y 2>/dev/null || echo refused",
    "umount /tmp/x",
    "mount -t drvfs C: /tmp/x && ls -d /tmp/x/windows && umount /tmp/x",
    `mount -t drvfs '${windows}\\absent' /tmp/x 2>/dev/null; echo $?`,
    `mount -t drvfs '//server/share' /tmp/x 2>/dev/null; echo $?`,
    `ls ${debian}`,
  ];
  const { text } = await inDebian(lines.join("\n"));
  expect(text.split("\n")).toEqual(["1234 rights ------", "refused", "/tmp/x/windows", "32", "32", "file"]);
});

test("/etc/fstab, and wsl.conf's [automount]", async () => {
  const { windows, debian } = await folderOnC();
  const fstab = `${windows} /srv/fstab drvfs metadata,uid=1000 0 0\n`;
  await inDebian("mkdir -p /srv/fstab");
  const seen = await startedWith(
    "fstab",
    fstab,
    `touch /srv/fstab/mine; stat -c %u /srv/fstab; ls ${debian}`,
  );
  expect(seen).toBe("1000\nmine");
  const conf = '[automount]\nroot = /windir/\noptions = "metadata,uid=77,ro"\n';
  const line = `ls -d /windir/c/windows /mnt/c/windows 2>/dev/null; stat -c %u /windir/c; touch /windir/c/x 2>/dev/null; echo $?; wslpath '${windows}'`;
  const moved = await startedWith("wsl.conf", conf, line);
  expect(moved.split("\n")).toEqual(["/windir/c/windows", "77", "1", debian.replace("/mnt", "/windir")]);
  const off = await startedWith("wsl.conf", "[automount]\nenabled = false\n", "ls /mnt/c");
  expect(off).toBe("");
});

test("read-only for all, and none but chosen folders", async () => {
  const { linux, windows, debian } = await folderOnC();
  await mkdir(join(linux, "chosen"));
  await writeFile(join(linux, "chosen", "file"), "mine\n");
  await writeFile(join(linux, "secret"), "not yours\n");
  try {
    await ok("set", "--host-files", "read-only");
    await ok("terminate", "debian");
    const looking = await inDebian(`cat ${debian}/secret; touch ${debian}/x`);
    expect(looking.text).toBe("not yours");
    expect(looking.stderr).toContain("Read-only file system");
    await ok("mount-host", `${windows}\\chosen`, "/chosen");
    await ok("set", "--host-files", "none");
    await ok("terminate", "debian");
    const secret = encodeURIComponent(windows);
    const line = `cat /chosen/file; ls /mnt/c; cat /run/tswsl/host/path=${secret}/secret /chosen/../secret; mount -t drvfs C: /mnt`;
    const result = await inDebian(line);
    expect(result.text).toBe("mine");
    expect(result.stderr).not.toContain("not yours");
  } finally {
    await ok("set", "--host-files", "read-write");
    await ok("mount-host", "--remove", "/chosen");
    await ok("terminate", "debian");
  }
});

test("cp, ls and cat between Windows's paths and the distribution's", async () => {
  const { linux, windows } = await folderOnC();
  await mkdir(join(linux, "dir"));
  await writeFile(join(linux, "dir", "a file"), "hello\n");
  expect(await ok("cp", "-r", `${windows}\\dir`, "debian:/srv/copied")).toContain(
    "1 file, 1 directory copied",
  );
  expect(await ok("ls", "debian:/srv/copied")).toBe("a file");
  expect(await ok("cat", "debian:/srv/copied/a file")).toBe("hello");
  await ok("cp", "-r", "debian:/srv/copied", `${windows}\\back`);
  expect(await readFile(join(linux, "back", "a file"), "utf8")).toBe("hello\n");
  await inDebian("rm -r /srv/copied");
  await ok("cp", "debian:/etc/os-release", windows);
  expect((await stat(join(linux, "os-release"))).size).toBeGreaterThan(100);
});
