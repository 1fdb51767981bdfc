/**
 * Measures tswsl against peers in the same run: `npm run bench` after `npm run build`, on a machine that does nothing
 * else. Prints the table and writes it to bench/results/latest.json. Needs busybox-static, openssh-client, and for files
 * openssh-server, samba and sshfs. Words on the command line choose parts: cold, memory, distros, host-files,
 * host-changes, commands, guest-files, files-server (which needs no build).
 */
import { mkdir, writeFile } from "node:fs/promises";
import { Instance } from "../tests/support/instance.ts";
import { bareBoot } from "./bare-boot.ts";
import { coldStarts } from "./cold-start.ts";
import { commands } from "./commands.ts";
import { distros } from "./distros.ts";
import { guestFiles } from "./guest-files.ts";
import { hostChanges } from "./host-changes.ts";
import { hostFiles } from "./host-files.ts";
import { memory } from "./memory.ts";
import { ninePServer } from "./nine-p-server.ts";
import type { Row } from "./rows.ts";
import { Ssh } from "./ssh.ts";

async function throughSsh(
  instance: Instance,
  measure: (instance: Instance, ssh: Ssh) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const ssh = await Ssh.open(instance);
  try {
    return await measure(instance, ssh);
  } finally {
    await ssh.close();
  }
}

const parts: Readonly<Record<string, (instance: Instance) => Promise<readonly Row[]>>> = {
  cold: async (instance) => coldStarts(instance, await bareBoot(instance.home)),
  memory,
  distros,
  "host-files": hostFiles,
  "host-changes": hostChanges,
  commands: (instance) => throughSsh(instance, commands),
  "guest-files": (instance) => throughSsh(instance, guestFiles),
};

/** Parts that need no VM. */
const alone: Readonly<Record<string, () => Promise<readonly Row[]>>> = { "files-server": ninePServer };

const chosen = process.argv.slice(2);
const wanted = (name: string): boolean => chosen.length === 0 || chosen.includes(name);
const rows: Row[] = [];

/** Kept after each part: a machine that is taken away in the middle has not worked in vain. */
async function keep(measured: readonly Row[]): Promise<void> {
  rows.push(...measured);
  await mkdir("bench/results", { recursive: true });
  await writeFile("bench/results/latest.json", `${JSON.stringify(rows, undefined, 2)}\n`);
}

for (const [name, measure] of Object.entries(alone)) {
  if (!wanted(name)) continue;
  process.stderr.write(`measuring: ${name}\n`);
  await keep(await measure());
}
if (Object.keys(parts).some(wanted)) {
  const instance = await Instance.create();
  try {
    await instance.ok(["install", "debian", "--bootstrap"], { timeoutMs: 900_000 });
    for (const [name, measure] of Object.entries(parts)) {
      if (!wanted(name)) continue;
      process.stderr.write(`measuring: ${name}\n`);
      await keep(await measure(instance));
    }
  } finally {
    await instance.remove();
  }
}
console.table(rows);
