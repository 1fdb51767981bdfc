import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Aim, Row } from "./rows.ts";

/** As many as issue trackers name; FILES=1000 for a quick look. */
const FILES = Number(process.env["FILES"] ?? 10_000);
const MEGABYTES = FILES / 10;

export interface Job {
  readonly name: string;
  readonly unit: Row["unit"];
  /** Perl in the folder; what it takes is measured. */
  readonly deed: string;
  /** What the kernel remembers is dropped first. */
  readonly cold: boolean;
  readonly value: (seconds: number) => number;
  /** Against QEMU's own virtio-9p. */
  readonly aim: Aim;
}

const milliseconds = (seconds: number): number => seconds * 1000;
const rate = (seconds: number): number => MEGABYTES / seconds;
const statAll = `for (1..${FILES}) { stat "many/$_" or die }`;

/** In this order: each finds what the one before has left. */
export const jobs: readonly Job[] = [
  {
    name: `${MEGABYTES} MB written`,
    unit: "MB/s",
    deed: `open my $f, '>', 'big' or die; my $b = 'x' x 1e6; for (1..${MEGABYTES}) { syswrite($f, $b) == 1e6 or die } close $f`,
    cold: true,
    value: rate,
    aim: { atLeast: 1 },
  },
  {
    name: `${MEGABYTES} MB read`,
    unit: "MB/s",
    deed: "open my $f, '<', 'big' or die; while (sysread $f, my $b, 1e6) {}",
    cold: true,
    value: rate,
    aim: { atLeast: 1 },
  },
  {
    name: `stat of ${FILES} files`,
    unit: "ms",
    deed: statAll,
    cold: true,
    value: milliseconds,
    aim: { atMost: 1 },
  },
  {
    name: `stat of ${FILES} files, again`,
    unit: "ms",
    deed: statAll,
    cold: false,
    value: milliseconds,
    aim: { atMost: 1 },
  },
  {
    name: `git status of ${2 * FILES} files`,
    unit: "ms",
    deed: "die if `git -C repo status --porcelain` ne ''",
    cold: true,
    value: milliseconds,
    aim: { atMost: 1 },
  },
  {
    name: `tar x of ${FILES} files`,
    unit: "ms",
    deed: "mkdir 'out'; system('tar', 'xf', '/root/many.tar', '-C', 'out') and die",
    cold: true,
    value: milliseconds,
    aim: { atMost: 1 },
  },
  {
    name: `rm -rf of ${FILES} files`,
    unit: "ms",
    deed: "system('rm', '-rf', 'out') and die",
    cold: true,
    value: milliseconds,
    aim: { atMost: 1 },
  },
];

/** Prints the seconds of each job, one to a line. */
export function script(folder: string): string {
  const work = jobs.map(
    ({ deed, cold }) =>
      `system 'sync; ${cold ? "echo 3 >/proc/sys/vm/drop_caches" : "true"}'; ` +
      `{ my $t = time; ${deed}; print time - $t, "\\n" }`,
  );
  return `use Time::HiRes 'time'; $| = 1; chdir '${folder}' or die "${folder}: $!"; ${work.join("; ")}; unlink 'big'`;
}

/** Makes in a folder of the host what the jobs want: files to stat, and a repository in three levels. */
export async function prepareFolder(folder: string): Promise<void> {
  await mkdir(join(folder, "many"), { recursive: true });
  for (let n = 1; n <= FILES; n++) await writeFile(join(folder, "many", String(n)), "x".repeat(64));
  const repository = join(folder, "repo");
  for (let n = 0; n < 2 * FILES; n++) {
    const directory = join(repository, `d${n % 20}`, `e${n % 400}`);
    if (n < 400) await mkdir(directory, { recursive: true });
    await writeFile(join(directory, String(n)), `${n}\n`);
  }
  const git = (...args: string[]) => execFileSync("git", ["-C", repository, ...args], { stdio: "ignore" });
  git("init", "-q");
  // SMB has no execute bits.
  git("config", "core.fileMode", "false");
  git("add", ".");
  git("-c", "user.name=bench", "-c", "user.email=bench@localhost", "commit", "-q", "-m", "files");
}

/** Makes /root/many.tar in the distro. */
export const makeTar = `mkdir -p /tmp/many && cd /tmp/many && seq ${FILES} | split -l 1 -a 4 && tar cf /root/many.tar -C /tmp many && rm -rf /tmp/many`;
