/**
 * Works in a loop for a long time, and shows what daemon and QEMU hold before and after: memory, open files, threads.
 *
 *     node bench/soak.ts [MINUTES]      after `npm run build`
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Instance, type Result } from "../tests/support/instance.ts";
import { openFiles, processesOf } from "../tests/support/leaks.ts";
import { tinyRoot } from "../tests/support/tiny-root.ts";
import { residentMb } from "./resident.ts";

const MEGABYTE = 1e6;
/** Long enough for the guest to have reported the pages it has freed. */
const SETTLE_MS = 20_000;
/** Between rounds: what is looked for is what stays behind, and others may want the machine. */
const PAUSE_MS = 1000;

interface Holding {
  readonly minute: number;
  readonly commands: number;
  readonly daemonMb: number;
  readonly daemonFiles: number;
  readonly daemonThreads: number;
  readonly qemuMb: number;
  readonly qemuFiles: number;
  /** Processes of the distro, and memory in use in the VM. */
  readonly guestProcesses: number;
  readonly guestMb: number;
}

const [minutes = 60] = process.argv.slice(2).map(Number);
const directory = await mkdtemp(join(tmpdir(), "tswsl-soak-"));
const archive = tinyRoot(directory);
const instance = await Instance.create();
let commands = 0;

async function ok(args: readonly string[], input?: Buffer): Promise<Result> {
  const result = await instance.run(args, { timeoutMs: 300_000, ...(input ? { input } : {}) });
  commands += 1;
  if (result.status === 0) return result;
  throw new Error(`tswsl ${args.join(" ")} ended with ${result.status}: ${result.stderr}`);
}

/** One round: a command, a stream each way, four at once, a distro that comes and goes. */
async function work(round: number): Promise<void> {
  const bytes = randomBytes(2 * MEGABYTE);
  const echoed = await ok(["-d", "kept", "--", "cat"], bytes);
  if (!echoed.stdout.equals(bytes)) throw new Error(`round ${round}: the bytes came back changed`);
  await Promise.all(
    [1, 2, 3, 4].map((n) => ok(["-d", "kept", "--", "sh", "-c", `echo ${n} > /root/file-${n}`])),
  );
  const refused = await instance.run(["-d", "kept", "--", "sh", "-c", "exit 37"]);
  if (refused.status !== 37) throw new Error(`round ${round}: status ${refused.status} instead of 37`);
  if (round % 5 === 0) await ok(["terminate", "kept"]);
  if (round % 10 !== 0) return;
  await ok(["install", "--from-file", archive, "--name", "passing"]);
  await ok(["-d", "passing", "--", "true"]);
  await ok(["unregister", "passing", "--yes"]);
}

async function holding(minute: number): Promise<Holding> {
  const { daemon } = await instance.json<{ daemon: { pid: number } }>(["status"]);
  const qemu = processesOf(instance.home).find(({ command }) => command.includes("qemu-system"));
  if (!qemu) throw new Error("the virtual machine is gone");
  const inVm = `set -- /proc/[0-9]*; echo $#
    while read key value unit; do case $key in MemTotal:|MemAvailable:) echo $value;; esac; done < /proc/meminfo`;
  const [processes = 0, total = 0, available = 0] = (await ok(["-d", "kept", "--", "sh", "-c", inVm])).text
    .split("\n")
    .map(Number);
  const status = await readFile(`/proc/${daemon.pid}/status`, "utf8");
  return {
    minute,
    commands,
    daemonMb: Math.round(await residentMb(daemon.pid)),
    daemonFiles: openFiles(daemon.pid).length,
    daemonThreads: Number(/Threads:\s+(\d+)/.exec(status)?.[1]),
    qemuMb: Math.round(await residentMb(qemu.pid)),
    qemuFiles: openFiles(qemu.pid).length,
    guestProcesses: processes,
    guestMb: Math.round((total - available) / 1000),
  };
}

const started = performance.now();
const elapsed = (): number => (performance.now() - started) / 60_000;
const table: Holding[] = [];
try {
  await instance.ok(["set", "--memory", "2G", "--vm-idle", "never"]);
  await ok(["install", "--from-file", archive, "--name", "kept"]);
  await ok(["set", "kept", "--keep-alive", "on"]);
  await work(1);
  await delay(SETTLE_MS);
  const look = async (minute: number): Promise<void> => {
    const now = await holding(minute);
    table.push(now);
    process.stdout.write(`${JSON.stringify(now)}\n`);
  };
  await look(0);
  for (let round = 2, next = 5; elapsed() < minutes; round++) {
    await work(round);
    await delay(PAUSE_MS);
    if (elapsed() < next) continue;
    await look(Math.round(elapsed()));
    next += 5;
  }
  await delay(SETTLE_MS);
  await look(Math.round(elapsed()));
  console.table(table);
} finally {
  await instance.remove();
  await rm(directory, { recursive: true });
}
