import { beforeAll, expect, test } from "vitest";
import { inSystemd, installSystemdDebian } from "../support/systemd-debian.ts";

beforeAll(installSystemdDebian, 400_000);

/** An image of a shell and a few programs: no registry can be reached. */
const IMPORT = `set -e
rm -rf /tmp/image; mkdir -p /tmp/image/bin
for program in sh cat grep uname; do
  file=/usr/bin/$program
  cp -L $file /tmp/image/bin
  ldd $file | grep -o '/lib[^ ]*' | while read -r library; do cp --parents -L "$library" /tmp/image; done
done
tar -C /tmp/image -c . | docker import - tiny >/dev/null`;

test("Docker's daemon starts and runs a container with limits, a network and a volume", async () => {
  const imported = await inSystemd(IMPORT, { timeoutMs: 170_000 });
  expect(imported.stderr.replaceAll(/^tswsl: .*\n/gm, "")).toBe("");
  const ran = await inSystemd(
    `mkdir -p /srv/shared; echo from outside > /srv/shared/note
docker run --rm --memory 64m --pids-limit 50 --volume /srv/shared:/shared tiny /bin/sh -c '
  cat /shared/note; cat /sys/fs/cgroup/memory.max; cat /sys/fs/cgroup/pids.max; grep -c eth0 /proc/net/dev; uname -s'`,
    { timeoutMs: 120_000 },
  );
  expect(ran.stderr).toBe("");
  expect(ran.text).toBe("from outside\n67108864\n50\n1\nLinux");
  const info = await inSystemd("docker info --format '{{.CgroupDriver}} {{.CgroupVersion}} {{.Warnings}}'");
  expect(info.text).toBe("systemd 2 []");
}, 300_000);
