// Boots the utility VM's kernel N times in a row through the QEMU compute service and reports hangs and times.
// Usage: node scripts/boot-many.ts [N] [--load]   (--load keeps every processor busy meanwhile)
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { silentLogger } from "../src/base/log.ts";
import { ConsoleLog } from "../src/vm/console-log.ts";
import { computeSystemDocument } from "../src/vm/document.ts";
import type { ComputeSystemDocument } from "../src/vm/hcs-types.ts";
import { hvSocketServiceId } from "../src/vm/hv-socket.ts";
import { QemuNetworkService } from "../src/vm/qemu/network.ts";
import { QemuComputeService } from "../src/vm/qemu/service.ts";
import { buildConformanceGuest } from "../tests/support/conformance-guest.ts";
import { GuestClient } from "../tests/support/guest-client.ts";
import { testKernel } from "../tests/support/kernel.ts";

const PORT = 0x7473;
/** Far above the slowest boot ever seen: what takes longer hangs. */
const HANG_MS = 30_000;

interface Boot {
  readonly answered: number;
  readonly total: number;
}

const count = Number(process.argv[2] ?? 200);
const directory = await mkdtemp(join(tmpdir(), "tswsl-boots-"));
const load = process.argv.includes("--load") ? startLoad() : [];
try {
  process.exitCode = await bootMany();
} finally {
  await Promise.all(load.map((worker) => worker.terminate()));
  await rm(directory, { recursive: true });
}

async function bootMany(): Promise<number> {
  const consoleLog = await ConsoleLog.open({
    socket: join(directory, "run/console.sock"),
    file: join(directory, "console.log"),
  });
  const service = new QemuComputeService({
    network: new QemuNetworkService(),
    acceleratorFile: join(directory, "accelerator.json"),
    log: silentLogger(),
  });
  const document = await makeDocument();
  const boots: Boot[] = [];
  const hangs: string[] = [];
  for (let number = 1; number <= count; number++) {
    try {
      boots.push(await bootOnce(service, document));
    } catch (error) {
      hangs.push(`boot ${number}: ${String(error)}\n${consoleLog.tail}`);
    }
    if (number % 20 === 0) console.log(`${number}/${count}, ${hangs.length} hung`);
  }
  await consoleLog.close();
  report(boots, hangs);
  return hangs.length === 0 ? 0 : 1;
}

async function makeDocument(): Promise<ComputeSystemDocument> {
  const [initrd, systemImage] = [join(directory, "initrd.img"), join(directory, "system.img")];
  await buildConformanceGuest(initrd);
  await writeFile(systemImage, "");
  await truncate(systemImage, 1024 * 1024);
  return computeSystemDocument({
    kernel: await testKernel(),
    initrd,
    systemImage,
    memoryMiB: 1024,
    processors: availableParallelism(),
    console: join(directory, "run/console.sock"),
    ports: [PORT],
    kernelArguments: [`SERVICE=${hvSocketServiceId(PORT)}`],
  });
}

async function bootOnce(service: QemuComputeService, document: ComputeSystemDocument): Promise<Boot> {
  const signal = AbortSignal.timeout(HANG_MS);
  const system = await service.create(randomUUID(), document, signal);
  try {
    const start = performance.now();
    await system.start(signal);
    const guest = new GuestClient(await system.connect(PORT, signal));
    await guest.ask("disk 0");
    const answered = performance.now() - start;
    guest.tell("poweroff");
    const status = await Promise.race([system.exited, aborted(signal)]);
    if (status.ExitType !== "GracefulExit") throw new Error(`ended with ${JSON.stringify(status)}`);
    return { answered, total: performance.now() - start };
  } finally {
    await system.close();
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener("abort", () => reject(new Error("the guest did not power off")), { once: true });
  return promise;
}

function report(boots: readonly Boot[], hangs: readonly string[]): void {
  const line = (name: string, values: readonly number[]): string => {
    const sorted = values.toSorted((left, right) => left - right);
    const at = (fraction: number): string =>
      `${Math.round(sorted[Math.floor((sorted.length - 1) * fraction)] ?? 0)} ms`;
    return `${name}: min ${at(0)}, median ${at(0.5)}, max ${at(1)}`;
  };
  console.log(`${boots.length} of ${boots.length + hangs.length} boots answered and powered off`);
  console.log(
    line(
      "start to first answer",
      boots.map(({ answered }) => answered),
    ),
  );
  console.log(
    line(
      "start to exit",
      boots.map(({ total }) => total),
    ),
  );
  for (const hang of hangs) console.log(hang);
}

/** One endless loop per processor. */
function startLoad(): Worker[] {
  return Array.from({ length: availableParallelism() }, () => new Worker("for (;;);", { eval: true }));
}
