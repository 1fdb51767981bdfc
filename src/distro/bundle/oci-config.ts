import { systemdInitCommand } from "../systemd/init-command.ts";
import { fullCapabilities } from "./capabilities.ts";
import { distroDevices } from "./devices.ts";
import { distroMounts, INIT_IN_DISTRO } from "./mounts.ts";
import type { OciConfig, OciNamespace } from "./oci-types.ts";

export interface DistroBundle {
  readonly distroId: string;
  readonly name: string;
  readonly hostname: string;
  /** PID 1: our small reaper, or the distro's own /sbin/init. */
  readonly init: "reaper" | "systemd";
}

/** rlimits have no word for "unlimited": RLIM_INFINITY is 2^64-1, which JSON's doubles cannot carry exactly. */
const RLIM_HUGE = 2 ** 53 - 1;

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

const namespaces: readonly OciNamespace[] = [
  { type: "mount" },
  { type: "pid" },
  { type: "uts" },
  { type: "ipc" },
  { type: "cgroup" },
  { type: "network" },
];

/**
 * The OCI runtime configuration of a distro. The VM is the boundary that protects the host, so inside there is neither
 * a seccomp filter nor a dropped capability nor a masked path: systemd, Docker, FUSE and keyrings work as on a machine
 * of one's own. The agent puts in root.path, the network namespace's path and the cgroup.
 */
export function ociConfig({ distroId, name, hostname, init }: DistroBundle): OciConfig {
  return {
    ociVersion: "1.0.2",
    process: {
      terminal: false,
      user: { uid: 0, gid: 0 },
      args: init === "systemd" ? systemdInitCommand() : [INIT_IN_DISTRO, "distro-init"],
      env: [
        `PATH=${PATH}`,
        "TERM=linux",
        "container=tswsl",
        `TSWSL_DISTRO_NAME=${name}`,
        `WSL_DISTRO_NAME=${name}`,
      ],
      cwd: "/",
      capabilities: fullCapabilities,
      rlimits: [
        // WSL's figures: programs that loop over all descriptors suffer from a high soft limit.
        { type: "RLIMIT_NOFILE", soft: 10_240, hard: 1_048_576 },
        { type: "RLIMIT_NPROC", soft: RLIM_HUGE, hard: RLIM_HUGE },
        { type: "RLIMIT_MEMLOCK", soft: RLIM_HUGE, hard: RLIM_HUGE },
      ],
      noNewPrivileges: false,
      // The reaper is the last that the kernel ends for want of memory. systemd's children would inherit that.
      oomScoreAdj: init === "systemd" ? 0 : -999,
    },
    root: { path: "rootfs", readonly: false },
    hostname,
    mounts: distroMounts,
    annotations: { "org.tswsl.distro": distroId },
    linux: {
      namespaces,
      devices: distroDevices,
      resources: { devices: [{ allow: true, access: "rwm" }] },
      // So that Docker and Kubernetes can share mounts from the distro's root; nothing reaches the VM's own mounts.
      rootfsPropagation: "shared",
      // Anyone may ping, without a capability on the program.
      sysctl: { "net.ipv4.ping_group_range": "0 2147483647" },
      maskedPaths: [],
      readonlyPaths: [],
    },
  };
}
