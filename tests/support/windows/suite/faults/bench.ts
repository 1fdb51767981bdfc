import { randomUUID } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeFixedVhd } from "../../../../../scripts/windows/fixed-vhd.ts";
import { silentLogger } from "../../../../../src/base/log.ts";
import type { ComputeSystem } from "../../../../../src/vm/compute-service.ts";
import { computeSystemDocument } from "../../../../../src/vm/document.ts";
import type { ComputeSystemDocument } from "../../../../../src/vm/hcs-types.ts";
import { HcnNetworkService } from "../../../../../src/vm/hcs/network.ts";
import { HcsComputeService } from "../../../../../src/vm/hcs/service.ts";
import { hvSocketServiceId } from "../../../../../src/vm/hv-socket.ts";
import { ConsoleListener } from "../../../console-listener.ts";
import { GuestClient } from "../../../guest-client.ts";
import type { Fault } from "../../faults.ts";
import { hcs, vmp } from "../addons.ts";
import { ask } from "../control.ts";
import { environment } from "../environment.ts";

export const PORT = 0x7473;
/** Of a caller who never gives up. */
export const { signal } = new AbortController();
export const log = silentLogger();
export const service = new HcsComputeService({ hcs, vmp, log });
export const network = new HcnNetworkService({ hcs, log });

export const directory = mkdtempSync(join(tmpdir(), "tswsl-faults-"));
export const systemImage = join(directory, "system.vhd");
writeFileSync(join(directory, "system.raw"), "the system");
await makeFixedVhd(join(directory, "system.raw"), systemImage);
export const consolePipe = await ConsoleListener.open(`\\\\.\\pipe\\tswsl-${randomUUID()}`);

/** Asks the test on Linux, which has the other end of everything. */
export const linux = (name: string, argument = ""): Promise<unknown> =>
  ask(environment("TSWSL_TEST_CONTROL"), name, argument);
export const inject = (fault: Fault): Promise<unknown> => linux("inject", JSON.stringify(fault));

export function machine(): ComputeSystemDocument {
  return computeSystemDocument({
    kernel: environment("TSWSL_TEST_KERNEL"),
    initrd: environment("TSWSL_TEST_INITRD"),
    systemImage,
    memoryMiB: 256,
    processors: 1,
    console: consolePipe.path,
    ports: [PORT],
    kernelArguments: [`SERVICE=${hvSocketServiceId(PORT)}`],
  });
}

const systems: ComputeSystem[] = [];

export async function create(): Promise<ComputeSystem> {
  const system = await service.create(randomUUID(), machine(), signal);
  systems.push(system);
  return system;
}

/** A running machine whose guest answers. */
export async function boot(): Promise<{ system: ComputeSystem; guest: GuestClient }> {
  const system = await create();
  await system.start(signal);
  const guest = new GuestClient(await system.connect(PORT, signal));
  await guest.ask("ping");
  return { system, guest };
}

/** Closes what a test has made, whatever has become of it. */
export async function closeAll(): Promise<void> {
  for (const system of systems.splice(0)) await system.close().catch(() => {});
}

export const natNetwork = {
  Name: "tswsl-faults",
  Type: "NAT",
  Flags: 8,
  Ipams: [
    {
      Type: "Static",
      Subnets: [
        {
          IpAddressPrefix: "172.31.240.0/20",
          Routes: [{ NextHop: "172.31.240.1", DestinationPrefix: "0.0.0.0/0" }],
        },
      ],
    },
  ],
  SchemaVersion: { Major: 2, Minor: 0 },
};
export const endpoint = (networkId: string): object => ({
  HostComputeNetwork: networkId,
  SchemaVersion: { Major: 2, Minor: 0 },
});
