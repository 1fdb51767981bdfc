/** Run by node.exe under Wine: the compute service's conformance suite over hcs.node and the stand-in libraries. */
import { randomUUID } from "node:crypto";
import { silentLogger } from "../../../../src/base/log.ts";
import { makeFixedVhd } from "../../../../scripts/windows/fixed-vhd.ts";
import { HcnNetworkService } from "../../../../src/vm/hcs/network.ts";
import { dialGuest } from "../../../../src/vm/hcs/dial-guest.ts";
import { HvSocketStream } from "../../../../src/vm/hcs/hv-socket-stream.ts";
import { HcsComputeService } from "../../../../src/vm/hcs/service.ts";
import { testComputeService, type ComputeServiceHarness } from "../../../conformance/compute-service.ts";
import { signal } from "../../../conformance/compute-service/bench.ts";
import { hcs, vmp } from "./addons.ts";
import { ask } from "./control.ts";
import { environment } from "./environment.ts";
import { runTests } from "./vitest.ts";

/** HCS attaches no raw images. The text at the start of the file stays there: the footer is at its end. */
async function toFixedVhd(path: string): Promise<string> {
  const disk = `${path}.vhd`;
  await makeFixedVhd(path, disk);
  return disk;
}

async function make(): Promise<ComputeServiceHarness> {
  const control = environment("TSWSL_TEST_CONTROL");
  const log = silentLogger();
  return {
    service: new HcsComputeService({ hcs, vmp, log }),
    network: new HcnNetworkService({ hcs, log }),
    kernel: environment("TSWSL_TEST_KERNEL"),
    initrd: environment("TSWSL_TEST_INITRD"),
    console: () => `\\\\.\\pipe\\tswsl-${randomUUID()}`,
    open: async (address) => {
      if (address.kind !== "hv-socket") throw new Error("HCS has Hyper-V sockets alone");
      return new HvSocketStream(await dialGuest(vmp, address, signal));
    },
    formDisk: toFixedVhd,
    kill: () => ask(control, "kill"),
    // What the control server answers to this.
    leftovers: async () => (await ask(control, "leftovers")) as string[],
  };
}

testComputeService("HCS", make, { kill: true });
await runTests(environment("TSWSL_TEST_RESULTS"), new RegExp(process.env["TSWSL_TEST_ONLY"] ?? ""));
// A handle that something forgot would keep the process; that is one test's failure, not a hang of all.
process.exit(0);
