import type { Instance } from "../tests/support/instance.ts";
import { compared, inTurn, timed, type Row } from "./rows.ts";
import type { Ssh } from "./ssh.ts";
import { toNull } from "./to-null.ts";

const MEGABYTE = 1e6;
/** Bytes through tswsl, and through ssh, which is slower by far under emulation: a rate is what is compared. */
const OWN_BYTES = 1000 * MEGABYTE;
const PEER_BYTES = 100 * MEGABYTE;

/** A command in a running distro, and a stream out of one, against ssh. */
export async function commands(instance: Instance, ssh: Ssh): Promise<readonly Row[]> {
  const [warm, multiplexed] = await inTurn(
    () => timed(() => instance.ok(["-d", "debian", "true"])),
    () => timed(() => ssh.run("true")),
  );
  const make = `head -c ${OWN_BYTES} /dev/zero > /root/big; head -c ${PEER_BYTES} /dev/zero > /root/small; sync`;
  await instance.ok(["-d", "debian", "--", "sh", "-c", make]);
  const rate = (bytes: number, ms: number): number => bytes / MEGABYTE / (ms / 1000);
  const [own, peer] = await inTurn(
    async () => rate(OWN_BYTES, await timed(() => toNull(instance, "cat /root/big"))),
    async () => rate(PEER_BYTES, await timed(() => ssh.run("cat /root/small"))),
  );
  await instance.ok(["-d", "debian", "--", "rm", "/root/big", "/root/small"]);
  return [
    compared(
      { name: "warm `tswsl -d debian true`", value: warm, unit: "ms" },
      { name: "ssh with ControlMaster", value: multiplexed },
      { atMost: 1 },
    ),
    compared(
      { name: "1 GB from cat in the distro to /dev/null on the host", value: own, unit: "MB/s" },
      { name: "100 MB through ssh", value: peer },
      { atLeast: 2 },
    ),
  ];
}
