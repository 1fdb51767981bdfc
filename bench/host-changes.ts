import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import type { Instance } from "../tests/support/instance.ts";
import { repeat, reported, timed, type Row } from "./rows.ts";

const BURST = 1000;
const LIMIT_MS = 300_000;

/** inotify(7) by number, since the distro has Perl and nothing else: writes the names of files that are made. */
const watcher = (folder: string): string =>
  [
    "$| = 1; my $fd = syscall 294, 0;",
    `my $path = '${folder}'; syscall(254, $fd, $path, 0x100) >= 0 or die $!; open my $h, '<&=', $fd;`,
    "while (sysread $h, my $b, 65536) { for (my $at = 0; $at < length $b; ) {",
    "my $length = (unpack 'iIII', substr $b, $at, 16)[3];",
    "print unpack('Z*', substr $b, $at + 16, $length), qq(\\n); $at += 16 + $length } }",
  ].join(" ");

/** From a change that the host makes to the event in a program of the distro. */
export async function hostChanges(instance: Instance): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), "tswsl-bench-"));
  const child = instance.spawn(["-d", "debian", "--", "perl", "-e", watcher(`/mnt/host${folder}`)]);
  const heard = new Set<string>();
  if (child.stdout) createInterface({ input: child.stdout }).on("line", (name) => heard.add(name));
  let made = 0;
  const make = async (): Promise<string> => {
    made += 1;
    await writeFile(join(folder, `n${made}`), "");
    return `n${made}`;
  };
  try {
    const first = await timed(async () => {
      for (const until = Date.now() + LIMIT_MS; heard.size === 0 && Date.now() < until;) {
        await make();
        await delay(100);
      }
    });
    const one = await repeat(async () => {
      await delay(300);
      return await timed(async () => await hears(heard, [await make()]));
    });
    const burst = await timed(async () => {
      const names: string[] = [];
      for (let at = 0; at < BURST; at += 1) names.push(await make());
      await hears(heard, names);
    });
    return [
      reported({
        name: "start of a program that watches a folder, to its first event",
        value: first,
        unit: "ms",
      }),
      reported({ name: "a file made by the host, to the event", value: one, unit: "ms" }),
      reported({ name: `${BURST} files made by the host, to the last event`, value: burst, unit: "ms" }),
    ];
  } finally {
    child.kill();
    await rm(folder, { recursive: true });
  }
}

async function hears(heard: ReadonlySet<string>, names: readonly string[]): Promise<void> {
  const until = Date.now() + LIMIT_MS;
  while (!names.every((name) => heard.has(name))) {
    if (Date.now() > until) throw new Error(`not all of ${names.length} changes were heard of`);
    await delay(2);
  }
}
