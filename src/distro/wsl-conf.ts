import { choice, flag, integer, text } from "./ini/keys.ts";
import { type IniValues, readIni } from "./ini/read.ts";

/**
 * Every key of `/etc/wsl.conf` with WSL's default (src/linux/init/WslDistributionConfig.cpp). Keys whose feature we
 * do not have are read all the same, so that a file written for WSL brings no warnings.
 */
const wslConfTable = {
  automount: {
    enabled: flag(true),
    root: text("/mnt"),
    options: text(""),
    mountFsTab: flag(true),
    ldconfig: flag(true),
    cgroups: choice(["v1", "v2"], "v2"),
  },
  filesystem: { umask: integer(0o022) },
  interop: { enabled: flag(true), appendWindowsPath: flag(true) },
  network: { generateHosts: flag(true), generateResolvConf: flag(true), hostname: text(undefined) },
  user: { default: text(undefined) },
  boot: {
    /** Run as root with `/bin/sh -c` at each start of the distro. */
    command: text(""),
    systemd: flag(false),
    /** Milliseconds. WSL has 10 s; under software emulation a systemd with Docker takes twice that. */
    initTimeout: integer(30_000),
    protectBinfmt: flag(true),
  },
  time: { useWindowsTimezone: flag(true) },
  gpu: { enabled: flag(true), appendLibPath: flag(true) },
  fileServer: {
    enabled: flag(true),
    logFile: text(undefined),
    logLevel: text("info"),
    logTruncate: flag(true),
  },
  general: { guiApplications: flag(true) },
} as const;

const wslDistributionConfTable = {
  oobe: {
    command: text(undefined),
    /** -1: none. */
    defaultUid: integer(-1),
    defaultName: text(undefined),
  },
  shortcut: { enabled: flag(true), icon: text(undefined) },
  windowsterminal: { enabled: flag(true), profileTemplate: text(undefined) },
} as const;

export type WslConf = IniValues<typeof wslConfTable>;

export interface ParsedWslConf {
  readonly conf: WslConf;
  /** For the user, such as `Unknown key 'foo.a' in /etc/wsl.conf:2`. */
  readonly warnings: readonly string[];
}

/** What the maker of an image says in `/etc/wsl-distribution.conf`. */
export interface DistributionConf {
  readonly defaultName: string | undefined;
  readonly defaultUid: number | undefined;
  readonly oobeCommand: string | undefined;
  readonly warnings: readonly string[];
}

/** Reads the text of `/etc/wsl.conf`; an empty text gives the defaults. Never throws. */
export function parseWslConf(content: string): ParsedWslConf {
  const { values, warnings } = readIni(wslConfTable, { text: content, file: "/etc/wsl.conf" });
  return { conf: values, warnings };
}

/** Reads the text of `/etc/wsl-distribution.conf`. Never throws; empty values count as absent. */
export function parseDistributionConf(content: string): DistributionConf {
  const source = { text: content, file: "/etc/wsl-distribution.conf" };
  const { values, warnings } = readIni(wslDistributionConfTable, source);
  const { defaultUid, defaultName, command } = values.oobe;
  return {
    defaultName: defaultName || undefined,
    defaultUid: defaultUid < 0 ? undefined : defaultUid,
    oobeCommand: command || undefined,
    warnings,
  };
}
