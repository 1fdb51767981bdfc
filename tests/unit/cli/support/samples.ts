import type { DaemonResult } from "../../../../src/cli/daemon/daemon-client.ts";
import type { DistroSummary, Settings } from "../../../../src/protocol/daemon.ts";

const usual: DistroSummary = {
  name: "debian",
  id: "7b1f1c57-6a0f-4f4e-9d52-0d5a3c1f7a10",
  state: "running",
  default: true,
  flavor: "debian",
  osVersion: "12",
  commands: 1,
  keepAlive: false,
  limits: { memoryMiB: 1024, cpus: null, pids: null },
  hostFolders: [],
  installedAt: "2026-11-23T20:00:00.000Z",
  address: "172.31.0.2",
  problem: null,
};

/** A distribution as the daemon lists it. */
export function distro(changes: Partial<DistroSummary> = {}): DistroSummary {
  return { ...usual, ...changes };
}

/** One of each kind, the default not first. */
export const someDistros: readonly DistroSummary[] = [
  distro({
    name: "Ubuntu-24.04",
    state: "stopped",
    default: false,
    flavor: "ubuntu",
    osVersion: "24.04",
    address: null,
  }),
  distro(),
  distro({ name: "new", state: "installing", default: false, flavor: null, osVersion: null, address: null }),
  distro({
    name: "old",
    state: "broken",
    default: false,
    address: null,
    problem: "its files are not in the store",
  }),
];

export const catalogue: DaemonResult<"catalogue.list"> = {
  source: "https://example.org/DistributionInfo.json",
  offline: false,
  entries: [
    { name: "debian", friendlyName: "Debian GNU/Linux", flavor: "debian", default: true, source: "download" },
    {
      name: "ubuntu",
      friendlyName: "Ubuntu (package sources)",
      flavor: "ubuntu",
      default: false,
      source: "bootstrap",
    },
  ],
};

export const settings: Settings = {
  distroIdleSeconds: 15,
  vmIdleSeconds: -1,
  memoryMiB: 0,
  processors: 4,
  catalogue: "https://example.org/DistributionInfo.json",
  savedVm: true,
  hostFolders: "read-write",
};

export const status: DaemonResult<"status"> = {
  defaultDistro: "debian",
  daemon: { pid: 4711, uptimeSeconds: 3723, home: "/home/tester/.local/share/tswsl" },
  vm: {
    state: "running",
    id: "vm",
    uptimeSeconds: 61,
    memoryTotal: 4 * 1024 ** 3,
    memoryAvailable: 3 * 1024 ** 3,
    startStages: { kernel: 600, agent: 1400 },
  },
  store: {
    path: "/home/tester/.local/share/tswsl/store.img",
    hostBytes: 512 * 1024 ** 2,
    total: 2 ** 38,
    free: 2 ** 37,
  },
  running: 1,
  installed: 2,
};
