import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Instance } from "../tests/support/instance.ts";
import { jobs, makeTar, prepareFolder, script } from "./host-file-jobs.ts";
import { PeerServers, wrapQemu } from "./host-file-peers.ts";
import { compared, median, ROUNDS, type Row } from "./rows.ts";

const OURS = "tswsl";
/** sshfs takes minutes for ten thousand files. */
const PATIENCE_MS = 1_800_000;

/**
 * One folder of the host in a distro, four ways at once: ours, QEMU's own virtio-9p, sshfs, SMB. Needs openssh-server
 * and samba on this host, and root for sshd.
 */
export async function hostFiles(instance: Instance): Promise<readonly Row[]> {
  const directory = await mkdtemp(join(tmpdir(), "tswsl-bench-"));
  const folder = join(directory, "folder");
  const servers = new PeerServers(directory, folder);
  try {
    await prepareFolder(folder);
    const seconds = await measureAll(instance, { directory, folder, servers });
    return jobs.flatMap((job, index) => {
      const value = (peer: string): number =>
        job.value(median((seconds.get(peer) ?? []).map((times) => times[index] ?? Number.NaN)));
      const own = { name: `host folder: ${job.name}`, value: value(OURS), unit: job.unit };
      const peers = [...seconds.keys()].filter((name) => name !== OURS);
      return peers.map((name) => {
        const row = compared(own, { name, value: value(name) }, job.aim);
        if (name === "virtio-9p") return row;
        const { aim: _, met: __, ...others } = row;
        return others;
      });
    });
  } finally {
    await servers.stop();
    await instance.stop();
    await instance.ok(["set", "--saved-vm", "on"]);
    await rm(directory, { recursive: true, force: true });
  }
}

interface Places {
  readonly directory: string;
  readonly folder: string;
  readonly servers: PeerServers;
}

/** The seconds of each job, for each round of each peer; peers in turn. */
async function measureAll(
  instance: Instance,
  { directory, folder, servers }: Places,
): Promise<ReadonlyMap<string, number[][]>> {
  // A saved machine is one without QEMU's 9P server.
  await instance.ok(["set", "--saved-vm", "off"]);
  await instance.stop();
  await instance.ok(["-d", "debian", "true"], { env: { PATH: await wrapQemu(directory, folder) } });
  const inside = (line: string): Promise<string> =>
    instance.ok(["-d", "debian", "-u", "root", "--", "sh", "-c", line], { timeoutMs: PATIENCE_MS });
  await inside("apt-get -qq update && apt-get -qq install -y cifs-utils git sshfs >/dev/null 2>&1");
  await inside(`git config --global safe.directory '*' && ${makeTar}`);
  await servers.start(instance);
  await instance.ok(["mount-host", folder, `/mnt/${OURS}`, "-d", "debian"]);
  const seconds = new Map<string, number[][]>([[OURS, []]]);
  for (const [name, mount] of servers.mounts) {
    await inside(`mkdir -p /mnt/${name} && ${mount}`);
    seconds.set(name, []);
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, rounds] of seconds) {
      process.stderr.write(`  ${name}, round ${round + 1}\n`);
      const text = await instance.ok(
        ["-d", "debian", "-u", "root", "-e", "perl", "-e", script(`/mnt/${name}`)],
        {
          timeoutMs: PATIENCE_MS,
        },
      );
      rounds.push(text.split("\n").map(Number));
    }
  }
  return seconds;
}
