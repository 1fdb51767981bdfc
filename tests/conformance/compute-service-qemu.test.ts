import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { silentLogger } from "../../src/base/log.ts";
import { openStream } from "../../src/daemon/file-server/open-stream.ts";
import { QemuNetworkService } from "../../src/vm/qemu/network.ts";
import { QemuComputeService } from "../../src/vm/qemu/service.ts";
import { buildConformanceGuest } from "../support/conformance-guest.ts";
import { testKernel } from "../support/kernel.ts";
import { openFiles, processesOf } from "../support/leaks.ts";
import { testComputeService, type ComputeServiceHarness } from "./compute-service.ts";
import { signal } from "./compute-service/bench.ts";

let assets = "";
let kernel = "";

beforeAll(async () => {
  assets = await mkdtemp(join(tmpdir(), "tswsl-assets-"));
  kernel = await testKernel();
  await buildConformanceGuest(join(assets, "initrd.img"));
});

afterAll(() => rm(assets, { recursive: true }));

/** Pipes and sockets: what a machine costs its owner. */
function streams(): number {
  return openFiles(process.pid).filter((target) => /^(socket|pipe):/.test(target)).length;
}

async function make(directory: string): Promise<ComputeServiceHarness> {
  const network = new QemuNetworkService();
  const acceleratorFile = join(assets, "accelerator.json");
  const service = new QemuComputeService({ network, acceleratorFile, log: silentLogger() });
  const before = streams();
  return {
    service,
    network,
    kernel,
    initrd: join(assets, "initrd.img"),
    console: (directory) => join(directory, "console.sock"),
    open: (address) => openStream(address, signal),
    formDisk: async (path) => path,
    kill: () => {
      for (const { pid } of processesOf(directory)) process.kill(pid, "SIGKILL");
    },
    leftovers: async () => {
      const processes = processesOf(directory).map(({ command }) => command);
      const more = streams() - before;
      return more > 0 ? [...processes, `${more} streams`] : processes;
    },
  };
}

testComputeService("QEMU", make, { kill: true });
