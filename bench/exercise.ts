/**
 * Long runs on a folder of the host from inside a distro, each compared with what must be; throws at the first difference.
 * The folder is made in the temporary directory (TMPDIR), so that any disk can be tried.
 *
 *     node bench/exercise.ts [JOB,…] [SEED] [MINUTES] [PROCESSORS]
 *
 * after `npm run build`. MINUTES is for each job that has rounds. PROCESSORS are the virtual machine's: one that is emulated answers
 * in a third of the time that two need while others use the host's.
 *
 *     operations   1,000,000 random operations on files, compared with a model
 *     trees        200,000 random operations on trees, with the same answers as the distro's own disk, and the same trees
 *     entries      a directory of 100,000 entries: made, listed, found and removed
 *     large        5 GB written and read
 *     npm          250 packages installed by npm in a Debian, the same files as when the host installs them
 */
import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Instance } from "../tests/support/instance.ts";
import { buildProgram } from "../tests/support/programs.ts";
import { tinyRoot } from "../tests/support/tiny-root.ts";
import { npmPackages } from "./npm-packages.ts";
import { run } from "./run.ts";

/** Of one file. Each has its own seed. */
const FILE_ROUND = 10_000;
const FILES = 100;
/** Of one tree: it grows until its names are all taken. A new one is begun then, with the next seed. */
const TREE_ROUND = 2000;
const TREES = 100;
const ENTRIES = 100_000;
/** Together more than 4 GiB. */
const PIECES = 500;
const PIECE_BYTES = 9_999_991;
const LIMIT_MS = 4 * 3_600_000;

const [
  chosen = "operations,trees,entries,large,npm",
  firstSeed = "1",
  minutes = "Infinity",
  processors = "auto",
] = process.argv.slice(2);
const directory = await mkdtemp(join(tmpdir(), "tswsl-exercise-"));
const there = `/mnt/host${directory}`;
const instance = await Instance.create();

async function inDistro(line: string): Promise<string> {
  return await instance.ok(["-d", "tiny", "--", "sh", "-c", line], { timeoutMs: LIMIT_MS });
}

function mustBe(found: unknown, expected: unknown, what: string): void {
  if (found !== expected) throw new Error(`${what}: ${String(found)} instead of ${String(expected)}`);
}

async function bring(program: "file-exerciser" | "random-tree"): Promise<string> {
  const built = buildProgram(program, directory);
  await instance.ok(["cp", built, `tiny:/bin/${program}`]);
  return built;
}

/** One round for each seed, until there have been `most` or the time is over. Each is told, for whoever ends it early. */
async function rounds(seed: number, most: number, round: (seed: number) => Promise<void>): Promise<string> {
  const started = performance.now();
  let done = 0;
  while (done < most && performance.now() - started < Number(minutes) * 60_000) {
    await round(seed + done);
    process.stdout.write(`seed ${seed + done} is done after ${seconds(started)}\n`);
    done += 1;
  }
  return `${done} rounds`;
}

async function operations(seed: number): Promise<string> {
  await bring("file-exerciser");
  return await rounds(seed, FILES, async (seed) => {
    const did = await inDistro(`cd ${there} && file-exerciser file ${seed} ${FILE_ROUND} && sha256sum <file`);
    mustBe(
      (await run(`sha256sum <${directory}/file`)).trim(),
      did.split("\n")[1],
      `the file of seed ${seed}`,
    );
  });
}

async function trees(seed: number): Promise<string> {
  const program = await bring("random-tree");
  return await rounds(seed, TREES, async (seed) => {
    const work = async (at: string): Promise<string> =>
      await inDistro(`mkdir ${at} && random-tree work ${at} ${seed} ${TREE_ROUND} >/root/answers; sha256sum </root/answers;
        random-tree list ${at} | sha256sum`);
    const own = await work(`/root/tree-${seed}`);
    mustBe(await work(`${there}/tree-${seed}`), own, `answers and tree of seed ${seed}`);
    const listed = await run(`${program} list ${directory}/tree-${seed} | sha256sum`);
    mustBe(listed.trim(), own.split("\n")[1], `the tree of seed ${seed} on the host`);
    await inDistro(`rm -r /root/tree-${seed} ${there}/tree-${seed}`);
  });
}

/** All from inside the directory: each name on the way to a file is asked for each time. */
async function entries(): Promise<string> {
  const folder = join(directory, "many");
  await mkdir(folder);
  const timed = async (line: string): Promise<string> => {
    const started = performance.now();
    const text = await inDistro(`cd ${there}/many && ${line}`);
    mustBe(text, String(ENTRIES), line);
    return seconds(started);
  };
  const made = await timed(`i=0; while [ $i -lt ${ENTRIES} ]; do : >entry-$i; i=$((i+1)); done; echo $i`);
  mustBe(new Set(await readdir(folder)).size, ENTRIES, "entries on the host");
  const listed = await timed("printf '%s\\n' * | sort -u | wc -l");
  const removed = await timed("find . -type f -print -exec rm {} + | sort -u | wc -l");
  mustBe((await readdir(folder)).length, 0, "entries that are left on the host");
  await inDistro(`rmdir ${there}/many`);
  return `made in ${made}, listed in ${listed}, found and removed in ${removed}`;
}

/** Of equal pieces whose length is no multiple of a message's: what is written to a wrong place is not the same. */
async function large(): Promise<string> {
  const piece = randomBytes(PIECE_BYTES);
  await writeFile(join(directory, "piece"), piece);
  const expected = createHash("sha256");
  for (let count = 0; count < PIECES; count++) expected.update(piece);
  const digest = expected.digest("hex");
  const written = performance.now();
  await inDistro(
    `cp ${there}/piece /root && cd ${there} && for i in $(seq ${PIECES}); do cat /root/piece; done >large`,
  );
  const wrote = seconds(written);
  mustBe((await run(`sha256sum <${directory}/large`)).split(" ")[0], digest, "the file on the host");
  const read = performance.now();
  mustBe((await inDistro(`sha256sum <${there}/large`)).split(" ")[0], digest, "the file read in the distro");
  await inDistro(`rm ${there}/large`);
  return `${PIECES * PIECE_BYTES} bytes, written in ${wrote}, read in ${seconds(read)}`;
}

const npm = async (): Promise<string> => await npmPackages(instance, directory);

const jobs = { operations, trees, entries, large, npm };
type Job = keyof typeof jobs;
const isJob = (name: string): name is Job => Object.hasOwn(jobs, name);

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

try {
  await instance.ok(["set", "--memory", "2G", "--vm-idle", "never", "--processors", processors]);
  await instance.ok(["install", "--from-file", tinyRoot(directory), "--name", "tiny"], {
    timeoutMs: 600_000,
  });
  for (const name of chosen.split(",")) {
    if (!isJob(name)) throw new Error(`no job is called ${name}: ${Object.keys(jobs).join(", ")}`);
    const started = performance.now();
    const result = await jobs[name](Number(firstSeed));
    process.stdout.write(`${name}, seed ${firstSeed}: ${result}; ${seconds(started)}\n`);
  }
} finally {
  await instance.remove();
  await rm(directory, { recursive: true });
}
