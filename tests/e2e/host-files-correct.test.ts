import { execFile, execFileSync } from "node:child_process";
import {
  mkdtempSync,
  openSync,
  closeSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inDebian, shared } from "../support/debian.ts";
import { buildProgram, type Program } from "../support/programs.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { vmProcesses } from "../support/vm-processes.ts";

const execute = promisify(execFile);
const there = (path: string): string => `/mnt/host${path}`;
const programs = mkdtempSync(join(tmpdir(), "tswsl-programs-"));
const used: readonly Program[] = ["file-exerciser", "mapped-beside", "random-tree", "shared-counter"];

/** What a line in the distro prints; it must succeed and complain of nothing. */
async function printed(line: string): Promise<string> {
  const result = await inDebian(line, { timeoutMs: 170_000 });
  if (result.status !== 0 || result.stderr !== "")
    throw new Error(`${line}\nended with ${result.status}: ${result.stderr}${result.text}`);
  return result.text;
}

beforeAll(async () => {
  for (const program of used)
    await shared().ok(["cp", buildProgram(program, programs), `debian:/usr/local/bin/${program}`]);
  // It has SQLite in it, and is there without apt.
  await shared().ok(["cp", process.execPath, "debian:/usr/local/bin/node"]);
});

afterAll(async () => {
  rmSync(programs, { recursive: true });
  await inDebian(`cd /usr/local/bin && rm ${used.join(" ")} node; rm -r /srv/random-tree`);
});

test("a file is what a model says in 1,500 random operations, on both sides", async () => {
  const folder = await temporaryDirectory();
  const line = `cd ${there(folder)} && file-exerciser file 7 1500 && cksum <file`;
  const [did, sum] = (await printed(line)).split("\n");
  expect(did).toBe(`1500 operations, ${statSync(join(folder, "file")).size} bytes`);
  const { stdout } = await execute("sh", ["-c", `cksum <${folder}/file`]);
  expect(sum).toBe(stdout.trim());
});

test("the same random operations give the same answers and the same tree as on the distro's own disk", async () => {
  const folder = await temporaryDirectory();
  const work = async (directory: string): Promise<string> =>
    await printed(
      `mkdir -p ${directory}; random-tree work ${directory} 11 600; echo; random-tree list ${directory}`,
    );
  const own = await work("/srv/random-tree");
  expect(own).toContain("size 100, 0 of 1 links, mode 100640 nameless");
  const [answers, tree] = (await work(there(folder))).split("\n\n");
  const [ownAnswers, ownTree] = own.split("\n\n");
  expect(answers).toBe(ownAnswers);
  expect(tree).toBe(ownTree);
  const { stdout } = await execute(join(programs, "random-tree"), ["list", folder], { maxBuffer: 1 << 26 });
  expect(tree).toBe(stdout.trim());
});

test.each(["wal", "delete"])("sqlite counts with two processes, journal_mode=%s", async (mode) => {
  const folder = await temporaryDirectory();
  const program = join(import.meta.dirname, "../support/programs/sqlite-counter.mjs");
  const inside = `node --no-warnings ${there(program)} ${there(folder)}/db`;
  expect(await printed(`${inside} make ${mode}`)).toBe(mode);
  expect(await printed(`${inside} add 10 & ${inside} add 10 & wait; ${inside} show`)).toBe("ok 20");
  const { stdout } = await execute(process.execPath, ["--no-warnings", program, join(folder, "db"), "show"]);
  expect(stdout).toBe("ok 20\n");
});

test("lines that two processes append are whole, and all there", async () => {
  const folder = await temporaryDirectory();
  const file = `${there(folder)}/log`;
  const writer = `perl -e 'my $name = shift; open my $f, ">>", shift or die $!; my $line = "$name " . "x" x 70 . "\\n"; syswrite($f, $line) == length $line or die $! for 1..500'`;
  await printed(`${writer} one ${file} & ${writer} two ${file} & wait`);
  const lines = (await readFile(join(folder, "log"), "utf8")).split("\n");
  expect(lines.pop()).toBe("");
  const many = (name: string): number => lines.filter((line) => line === `${name} ${"x".repeat(70)}`).length;
  expect([many("one"), many("two"), lines.length]).toEqual([500, 500, 1000]);
});

test("a file of 5 GiB has what was written at both ends", async () => {
  const folder = await temporaryDirectory();
  const line = `cd ${there(folder)} && printf start >big && truncate -s 5G big && printf end | dd of=big bs=1 seek=5368709117 conv=notrunc status=none`;
  const look =
    "stat -c %s big && tail -c 3 big && head -c 5 big && dd if=big bs=1 skip=4294967295 count=3 status=none | od -An -tx1";
  expect(await printed(`${line} && ${look}`)).toBe("5368709120\nendstart 00 00 00");
  const into = Buffer.alloc(4);
  const fd = openSync(join(folder, "big"), "r");
  expect(readSync(fd, into, 0, 4, 5368709117)).toBe(3);
  closeSync(fd);
  expect(into.toString("latin1")).toBe("end\0");
});

test("names that the host has made are the same bytes, of 255 and not UTF-8; 256 are too many", async () => {
  const folder = await temporaryDirectory();
  const long = "é".repeat(127) + "n";
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x61, 0xff, 0xfe])]), "odd");
  writeFileSync(join(folder, long), "long");
  expect(await printed(`cd ${there(folder)} && cat "$(printf 'a\\377\\376')" ${long}`)).toBe("oddlong");
  const tooLong = await inDebian(`touch ${there(folder)}/${"n".repeat(256)}`);
  expect(tooLong.stderr).toContain("File name too long");
  expect(readdirSync(folder)).toHaveLength(2);
});

test("a directory of 20,000 entries is listed whole, and what is removed from it is gone", async () => {
  const folder = await temporaryDirectory();
  for (let entry = 0; entry < 20_000; entry++) closeSync(openSync(join(folder, `entry-${entry}`), "w"));
  const line = `cd ${there(folder)} && ls | sort -u | wc -l && rm entry-199?? && ls | sort -u | wc -l`;
  expect(await printed(line)).toBe("20000\n19900");
  expect(readdirSync(folder)).toHaveLength(19_900);
});

test("memory that two processes map is one", async () => {
  const folder = await temporaryDirectory();
  const file = `${there(folder)}/counter`;
  await printed(
    `truncate -s 4096 ${file}; shared-counter ${file} 20000 & shared-counter ${file} 20000 & wait`,
  );
  expect((await readFile(join(folder, "counter"))).readBigUInt64LE()).toBe(40_000n);
});

test("what is written through a map and by write(2) is seen by read(2), and none overwrites the other", async () => {
  const folder = await temporaryDirectory();
  expect(await printed(`mapped-beside ${there(folder)}/file`)).toBe("0");
});

test("flock(1) of a shell excludes others, and another process gives the lock up", async () => {
  const folder = await temporaryDirectory();
  const line = [
    `cd ${there(folder)}; exec 8>lock 9>lock`,
    "flock 9; flock -n 8 || echo taken",
    "flock -u 9; flock -n 8 && echo free",
  ].join("; ");
  expect(await printed(line)).toBe("taken\nfree");
});

test("when the connection is lost programs get EIO, and what is started afterwards has the files again", async () => {
  const folder = await temporaryDirectory();
  writeFileSync(join(folder, "file"), "here\n");
  const reading = `cd ${there(folder)} && exec 3<file && echo ready && while read -r line <&3 || cat file; do sleep 0.1; done`;
  const reader = shared().spawn(["-d", "debian", "--", "sh", "-c", reading]);
  let stderr = "";
  reader.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise((resolve) => reader.once("close", resolve));
  await new Promise((resolve) => reader.stdout?.once("data", resolve));
  reader.stdout?.resume();
  const [vm] = vmProcesses(shared().home);
  const cut = join(import.meta.dirname, "../support/cut-socket.py");
  expect(execFileSync("python3", [cut, String(vm), join(tmpdir(), "tswsl-port-")]).toString()).toBe("1\n");
  await ended;
  expect(stderr).toContain("Input/output error");
  await expect
    .poll(async () => await inDebian(`cat ${there(folder)}/file`), { timeout: 60_000 })
    .toMatchObject({
      text: "here",
      stderr: "",
    });
});
