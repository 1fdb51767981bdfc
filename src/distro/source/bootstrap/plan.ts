import type { AptProxy } from "./apt-proxy.ts";
import { type BootstrapFlavorName, hostFlavors, type HostSources } from "./host-sources.ts";
import type { BootstrapMode } from "./mode.ts";

/**
 * What makes the smallest Debian a place to work in: tools that people type without thinking, and certificates for
 * https. 3 s and 34 MB more than the bare variant; systemd and the rest come with apt when they are wanted.
 */
const PACKAGES = [
  "apt-utils",
  "bash-completion",
  "ca-certificates",
  "iproute2",
  "iputils-ping",
  "less",
  "nano",
  "netbase",
  "procps",
  "sudo",
  "vim-tiny",
] as const;

/**
 * Run on the finished tree (`$1`): nothing of this build or of this machine stays. The distro gets its name, its
 * resolver and its machine id when it starts.
 */
const FINISH = [
  'rm -f "$1/etc/dpkg/dpkg.cfg.d/99mmdebstrap" "$1/etc/resolv.conf" "$1/etc/hostname"',
  ': > "$1/etc/machine-id"',
  'printf "LANG=C.UTF-8\\n" > "$1/etc/default/locale"',
].join(" && ");

export interface PlanFacts {
  readonly flavor: BootstrapFlavorName;
  readonly sources: HostSources;
  readonly proxy: AptProxy;
  /** Packages beside the usual ones. */
  readonly include: readonly string[];
  readonly mode: BootstrapMode;
}

/** One run of mmdebstrap: the tar comes on standard output. */
export interface BootstrapPlan {
  readonly args: readonly string[];
  /** sources.list, for standard input. */
  readonly stdin: string;
}

/** Everything that decides the outcome is in the plan, so that its text can be the cache's key. */
export function planBootstrap({ flavor, sources, proxy, include, mode }: PlanFacts): BootstrapPlan {
  const { keyring } = hostFlavors[flavor];
  return {
    args: [
      `--mode=${mode}`,
      "--variant=minbase",
      "--format=tar",
      `--include=${[...PACKAGES, ...include].join(",")}`,
      // A tree that is thrown away after a crash needs no fsync for each file: a third of the time.
      "--dpkgopt=force-unsafe-io",
      ...proxy.options.map((option) => `--aptopt=${option}`),
      `--customize-hook=${FINISH}`,
      sources.suite,
      "-",
      "-",
    ],
    // The archive's keyring package puts the same file into the distro.
    stdin: sources.entries.map((entry) => `deb [signed-by=${keyring}] ${entry}\n`).join(""),
  };
}
