import { randomUUID } from "node:crypto";
import type { Result } from "../protocol/contract.ts";
import type { daemonContract } from "../protocol/daemon.ts";
import { adapterOf, vmDocuments } from "../distro/vm-documents.ts";
import { rememberedAccelerator } from "../vm/qemu/accelerators.ts";
import type { Daemon } from "./compose.ts";
import { version } from "./version.ts";

type Status = Result<(typeof daemonContract)["status"]>;
type Version = Result<(typeof daemonContract)["version"]>;
type Documents = Result<(typeof daemonContract)["debug.document"]>;

/** A guest that does not answer in this time leaves its lines of `status` empty. */
const STATISTICS_MS = 1000;

/** What runs and what there is. Answers with a dead or hung VM too. */
export async function describeStatus(daemon: Daemon, signal: AbortSignal): Promise<Status> {
  const { vm, registry, disk, distros, paths } = daemon;
  const running = vm.running;
  const limits = { signal, deadline: { ms: STATISTICS_MS, what: "the virtual machine's statistics" } };
  const [statistics, usage, hostBytes] = await Promise.all([
    running?.agent.call("agent.statistics", {}, limits).catch(() => undefined),
    running?.agent.call("store.usage", {}, limits).catch(() => undefined),
    disk.hostBytes(),
  ]);
  return {
    defaultDistro: registry.default?.name ?? null,
    daemon: { pid: process.pid, uptimeSeconds: seconds(daemon.startedAt), home: paths.home },
    vm: {
      state: vm.state,
      id: running?.id ?? null,
      uptimeSeconds: running ? seconds(running.startedAt) : null,
      memoryTotal: statistics?.memoryTotal ?? null,
      memoryAvailable: statistics?.memoryAvailable ?? null,
      startStages: { ...vm.lastStages },
    },
    store: { path: disk.path, hostBytes, total: usage?.total ?? null, free: usage?.free ?? null },
    running: distros.lifecycle.running.length,
    installed: registry.all.length,
  };
}

export async function describeVersion(daemon: Daemon): Promise<Version> {
  return {
    tswsl: version,
    node: process.versions.node,
    kernel: daemon.vm.running?.kernel ?? null,
    computeService: daemon.computeServiceName,
    accelerator: (await rememberedAccelerator(daemon.paths.acceleratorFile)) ?? null,
  };
}

/** The documents of the next start. Ids that a start makes anew, and the MAC that HCN chooses, are examples. */
export function describeDocuments(daemon: Daemon): Documents {
  const documents = vmDocuments(daemon.vmFiles, daemon.settings.current);
  const adapter = adapterOf({ id: randomUUID(), macAddress: "00-15-5D-00-00-01" });
  return {
    computeSystem: { ...documents.computeSystem(adapter) },
    network: { ...documents.network },
    endpoint: { ...documents.endpoint },
  };
}

function seconds(since: number): number {
  return Math.round((Date.now() - since) / 1000);
}
