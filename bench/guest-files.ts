import { execFile } from "node:child_process";
import { mkdtemp, open, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Instance } from "../tests/support/instance.ts";
import { compared, inTurn, type Row } from "./rows.ts";
import type { Ssh } from "./ssh.ts";

const run = promisify(execFile);
const MEGABYTES = 50;
const PIECE = 1_000_000;

/** Files of the distro on the host, through the folder that tswsl shows and through sshfs to sshd in the distro. Needs sshfs. */
export async function guestFiles(instance: Instance, ssh: Ssh): Promise<readonly Row[]> {
  const mounted = await mkdtemp(join(tmpdir(), "tswsl-sshfs-"));
  await run("sshfs", ["-F", ssh.configuration, "debian:/root", mounted]);
  try {
    const own = join(instance.home, "folders/debian/root/bench-own");
    const peer = join(mounted, "bench-peer");
    const name = "sshfs to the distro";
    const written = await inTurn(
      () => write(own),
      () => write(peer),
    );
    const drop = (): Promise<unknown> =>
      instance.ok([
        "-d",
        "debian",
        "-u",
        "root",
        "--",
        "sh",
        "-c",
        "sync; echo 3 > /proc/sys/vm/drop_caches",
      ]);
    const from = async (path: string): Promise<number> => {
      await drop();
      return read(path);
    };
    const seen = await inTurn(
      () => from(own),
      () => from(peer),
    );
    return [
      { what: "written", rates: written },
      { what: "read", rates: seen },
    ].map(({ what, rates: [value, peerValue] }) =>
      compared(
        { name: `the distro's folder on the host: ${MEGABYTES} MB ${what}`, value, unit: "MB/s" },
        { name, value: peerValue },
        { atLeast: 2 },
      ),
    );
  } finally {
    await run("fusermount3", ["-u", mounted]);
    await rmdir(mounted);
  }
}

async function write(path: string): Promise<number> {
  const piece = Buffer.alloc(PIECE, "x");
  const started = performance.now();
  const file = await open(path, "w");
  for (let n = 0; n < MEGABYTES; n++) await file.write(piece);
  await file.sync();
  await file.close();
  return rate(started);
}

async function read(path: string): Promise<number> {
  const piece = Buffer.alloc(PIECE);
  const started = performance.now();
  const file = await open(path, "r");
  let total = 0;
  for (;;) {
    const { bytesRead } = await file.read(piece, 0, PIECE);
    if (bytesRead === 0) break;
    total += bytesRead;
  }
  await file.close();
  if (total !== MEGABYTES * PIECE) throw new Error(`${path} has ${total} bytes`);
  return rate(started);
}

function rate(started: number): number {
  return (MEGABYTES * 1000) / (performance.now() - started);
}
