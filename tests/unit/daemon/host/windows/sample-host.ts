import type { WindowsFacts } from "../../../../../src/daemon/host/windows/facts.ts";

const present = { known: { state: "stopped", disabled: false } } as const;

/** A Windows 11 on which everything is as it should be, with an elevated user and no QEMU. */
export const healthyWindows: WindowsFacts = {
  program: "0.1.0",
  release: "10.0.22631",
  hypervisor: { known: { vendor: "Microsoft Hv", createsPartitions: true } },
  firmware: { known: { virtualisation: false, secondLevelTranslation: false } },
  services: {
    vmcompute: present,
    hns: present,
    vfpext: present,
    SharedAccess: present,
    tswsl: { known: { state: "absent", disabled: false } },
  },
  features: { known: { VirtualMachinePlatform: "on", HypervisorPlatform: "off" } },
  hypervisorPlatform: { known: "absent" },
  sharingForbidden: { known: false },
  rights: { known: { elevated: true, hyperVAdministrator: false } },
  volume: { known: { fileSystem: "NTFS", compressed: false, encrypted: false } },
  wsl: { known: { service: "WslService", distributions: 1, machines: 0 } },
  qemu: { unknown: "QEMU is not installed" },
  guest: { directory: "C:\\tswsl\\guest", version: "0.1.0", files: [] },
  space: { path: "C:\\Users\\a\\tswsl", free: { known: 50 * 1024 ** 3 } },
  home: "C:\\Users\\a\\tswsl",
  state: { known: 0 },
  addresses: { known: ["172.31.240.0/20", "172.30.240.0/24"] },
};
