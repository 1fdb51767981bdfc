import type { OciMount } from "./oci-types.ts";

/** Where the agent's binary lies in the VM, and where the distro sees it. */
const AGENT_IN_VM = "/run/tswsl/agent";
export const INIT_IN_DISTRO = "/run/tswsl/init";
/** Where the distro sees the system image, from which the agent runs the server of the distro's files. */
const SYSTEM_IN_DISTRO = "/run/tswsl/system";

/** debian's group `tty`; the C library and every distribution agree on 5. */
const TTY_GROUP = 5;

/** In the order they are made: what lies in another comes after it. `/tmp` stays on the distro's own disk. */
export const distroMounts: readonly OciMount[] = [
  mount("proc", "/proc", ["nosuid", "noexec", "nodev"]),
  // Writable: its network part belongs to the distro's own namespace.
  mount("sysfs", "/sys", ["rw", "nosuid", "noexec", "nodev"]),
  // With a cgroup namespace, the root of this tree is the distro's own group: delegated, for systemd and Docker.
  mount("cgroup", "/sys/fs/cgroup", ["rw", "nosuid", "noexec", "nodev", "relatime"]),
  mount("tmpfs", "/dev", ["nosuid", "strictatime", "mode=755", "size=65536k"]),
  mount("devpts", "/dev/pts", [
    "nosuid",
    "noexec",
    "newinstance",
    "ptmxmode=0666",
    "mode=0620",
    `gid=${TTY_GROUP}`,
  ]),
  mount("tmpfs", "/dev/shm", ["nosuid", "nodev", "mode=1777"]),
  mount("mqueue", "/dev/mqueue", ["nosuid", "noexec", "nodev"]),
  mount("tmpfs", "/run", ["nosuid", "nodev", "mode=755"]),
  mount("tmpfs", "/run/lock", ["nosuid", "nodev", "noexec", "mode=1777", "size=5120k"]),
  {
    destination: INIT_IN_DISTRO,
    type: "bind",
    source: AGENT_IN_VM,
    options: ["bind", "ro", "nosuid", "nodev"],
  },
  // The image alone, not what the VM has mounted in it.
  {
    destination: SYSTEM_IN_DISTRO,
    type: "bind",
    source: "/",
    options: ["bind", "ro", "nosuid", "nodev"],
  },
];

function mount(type: string, destination: string, options: readonly string[]): OciMount {
  return { destination, type, source: type, options };
}
