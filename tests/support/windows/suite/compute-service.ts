/** Run by node.exe under Wine: the compute service's conformance suite over hcs.node and the stand-in libraries. */
import { randomUUID } from "node:crypto";
import type { HcsModule } from "../../../../native/hcs/native.d.ts";
import type { VmpModule } from "../../../../native/vmp/native.d.ts";
import { silentLogger } from "../../../../src/base/log.ts";
import { makeFixedVhd } from "../../../../scripts/windows/fixed-vhd.ts";
import { loadNativeModule } from "../../../../src/vm/hcs/native-module.ts";
import { HcnNetworkService } from "../../../../src/vm/hcs/network.ts";
import { HcsComputeService } from "../../../../src/vm/hcs/service.ts";
import { testComputeService, type ComputeServiceHarness } from "../../../conformance/compute-service.ts";
import { ask } from "./control.ts";
import { runTests } from "./vitest.ts";

const { TSWSL_TEST_KERNEL, TSWSL_TEST_INITRD, TSWSL_TEST_CONTROL, TSWSL_TEST_RESULTS, TSWSL_TEST_ONLY } =
  process.env;

function required(value: string | undefined): string {
  if (value === undefined) throw new Error("started without the variables that the test sets");
  return value;
}

// What native.d.ts says of the addons that were built with it.
const hcs = loadNativeModule("hcs.node") as HcsModule;
const vmp = loadNativeModule("vmp.node") as VmpModule;

/** HCS attaches no raw images. The text at the start of the file stays there: the footer is at its end. */
async function toFixedVhd(path: string): Promise<string> {
  const disk = `${path}.vhd`;
  await makeFixedVhd(path, disk);
  return disk;
}

async function make(): Promise<ComputeServiceHarness> {
  const control = required(TSWSL_TEST_CONTROL);
  const log = silentLogger();
  return {
    service: new HcsComputeService({ hcs, vmp, log }),
    network: new HcnNetworkService({ hcs, log }),
    kernel: required(TSWSL_TEST_KERNEL),
    initrd: required(TSWSL_TEST_INITRD),
    console: () => `\\\\.\\pipe\\tswsl-${randomUUID()}`,
    formDisk: toFixedVhd,
    kill: () => ask(control, "kill"),
    // What the control server answers to this.
    leftovers: async () => (await ask(control, "leftovers")) as string[],
  };
}

testComputeService("HCS", make, { kill: true });
await runTests(required(TSWSL_TEST_RESULTS), new RegExp(TSWSL_TEST_ONLY ?? ""));
// A handle that something forgot would keep the process; that is one test's failure, not a hang of all.
process.exit(0);
