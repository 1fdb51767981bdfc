import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Instance } from "../tests/support/instance.ts";
import { median, ROUNDS, type Row } from "./rows.ts";

const FILES = 1000;
const MEGABYTES = 200;

interface Job {
  readonly name: string;
  readonly unit: "ms" | "MB/s";
  /** Perl, in the directory, with the names in @names. What it takes is measured. */
  readonly deed: string;
  /** From seconds. */
  readonly value: (seconds: number) => number;
}

const milliseconds = (seconds: number): number => seconds * 1000;
const rate = (seconds: number): number => MEGABYTES / seconds;

const jobs: readonly Job[] = [
  {
    name: `${FILES} files made`,
    unit: "ms",
    deed: "for (@names) { open my $f, '>', $_ or die; print $f 'x' x 64; close $f }",
    value: milliseconds,
  },
  { name: `stat of ${FILES} files`, unit: "ms", deed: "for (@names) { stat or die }", value: milliseconds },
  {
    name: `open, read and close of ${FILES} files`,
    unit: "ms",
    deed: "for (@names) { open my $f, '<', $_ or die; sysread $f, my $b, 64; close $f }",
    value: milliseconds,
  },
  { name: `${FILES} files removed`, unit: "ms", deed: "unlink @names", value: milliseconds },
  {
    name: `${MEGABYTES} MB written`,
    unit: "MB/s",
    deed: `open my $f, '>', 'big' or die; my $b = 'x' x 1e6; for (1..${MEGABYTES}) { syswrite $f, $b } close $f`,
    value: rate,
  },
  {
    name: `${MEGABYTES} MB read`,
    unit: "MB/s",
    deed: "open my $f, '<', 'big' or die; while (sysread $f, my $b, 1e6) {}",
    value: rate,
  },
];

/** What the kernel remembers is dropped before each job, so that the disk does not win by not being asked. */
const script = (directory: string): string =>
  [
    "use Time::HiRes 'time'; $| = 1;",
    `chdir '${directory}' or die; my @names = map { "n$_" } 1..${FILES};`,
    ...jobs.map(
      ({ deed }) =>
        `system 'sync; echo 3 >/proc/sys/vm/drop_caches'; { my $t = time; ${deed}; print time - $t, "\\n" }`,
    ),
    "unlink 'big';",
  ].join(" ");

/** Files of the host below /mnt/host, beside the distro's own disk: two ways to the same work in one VM. */
export async function hostFiles(instance: Instance): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), "tswsl-bench-"));
  try {
    await instance.ok(["-d", "debian", "--", "mkdir", "-p", "/root/bench"]);
    const host: number[][] = [];
    const own: number[][] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      host.push(await seconds(instance, `/mnt/host${folder}`));
      own.push(await seconds(instance, "/root/bench"));
    }
    return jobs.map(({ name, unit, value }, job) => {
      const of = (rounds: readonly number[][]): number =>
        Math.round(value(median(rounds.map((times) => times[job] ?? Number.NaN))));
      return {
        name: `below /mnt/host: ${name}`,
        value: of(host),
        unit,
        peer: "the distro's own disk",
        peerValue: of(own),
      };
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function seconds(instance: Instance, directory: string): Promise<number[]> {
  const text = await instance.ok(["-d", "debian", "-e", "perl", "-e", script(directory)], {
    timeoutMs: 300_000,
  });
  return text.split("\n").map(Number);
}
