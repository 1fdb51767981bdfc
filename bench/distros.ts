import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Instance } from "../tests/support/instance.ts";
import { compared, inTurn, timed, type Row } from "./rows.ts";
import { run } from "./run.ts";

/** Start and import of distros, against what the same costs inside the VM. */
export async function distros(instance: Instance): Promise<readonly Row[]> {
  return [await start(instance), await importTar(instance)];
}

const inside = (instance: Instance, line: string, timeoutMs = 600_000): Promise<string> =>
  instance.ok(["-d", "debian", "--", "sh", "-c", line], { timeoutMs });

/** Milliseconds that a line takes in the distro, by the distro's own clock. */
async function timedInside(instance: Instance, line: string): Promise<number> {
  const text = await inside(
    instance,
    `a=$(date +%s%N); ${line}; b=$(date +%s%N); echo $(((b - a) / 1000000))`,
  );
  return Number(text.trim().split("\n").at(-1));
}

/** crun runs in the distro, on the distro's own root: `crun spec` with `true` as the command. */
async function start(instance: Instance): Promise<Row> {
  await inside(instance, "apt-get -qq update && apt-get -qq install -y crun >/dev/null 2>&1");
  const bundle =
    `mkdir -p /root/bundle /mnt/root && cd /root/bundle && mountpoint -q /mnt/root || mount --bind / /mnt/root; ` +
    `cd /root/bundle && rm -f config.json && crun spec && ` +
    `sed -i -e 's#"path": "rootfs"#"path": "/mnt/root"#' -e 's#"terminal": true#"terminal": false#' -e 's#"sh"#"true"#' config.json`;
  const [own, peer] = await inTurn(
    async () => {
      await instance.ok(["terminate", "debian"]);
      return timed(() => instance.ok(["-d", "debian", "true"]));
    },
    async () => {
      await inside(instance, bundle);
      return timedInside(instance, "crun --cgroup-manager=disabled run -b /root/bundle peer");
    },
  );
  // Gone with the distro's mounts, as everything that is not on its disk.
  await instance.ok(["terminate", "debian"]);
  return compared(
    { name: "a stopped distro in a running VM to `true` done", value: own, unit: "ms" },
    { name: "crun run of the same root, in the VM", value: peer },
    { atMost: 2 },
  );
}

async function importTar(instance: Instance): Promise<Row> {
  const file = join(instance.home, "debian.tar");
  const pack = "tar -cf - --one-file-system --exclude=./root/* -C / .";
  await run(`bin/tswsl -d debian -- sh -c '${pack}' > '${file}'`, { TSWSL_HOME: instance.home });
  await run(`bin/tswsl -d debian -- sh -c 'cat > /root/debian.tar; sync' < '${file}'`, {
    TSWSL_HOME: instance.home,
  });
  const { size } = await stat(file);
  const [own, peer] = await inTurn(
    async () => {
      const ms = await timed(() => instance.ok(["install", "--from-file", file, "--name", "imported"]));
      await instance.ok(["unregister", "imported", "--yes"]);
      return ms;
    },
    async () => {
      const ms = await timedInside(instance, "mkdir /root/x; tar -xf /root/debian.tar -C /root/x; sync");
      await inside(instance, "rm -rf /root/x; sync");
      return ms;
    },
  );
  return compared(
    { name: `import of a ${Math.round(size / 1e6)} MB tar`, value: own, unit: "ms" },
    { name: "tar x and sync of it from a disk in the VM", value: peer },
    { atMost: 1.3 },
  );
}
