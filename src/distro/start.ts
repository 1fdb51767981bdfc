import { formatIpv4 } from "../base/ipv4.ts";
import type { Logger } from "../base/log.ts";
import { timeouts } from "../base/timeouts.ts";
import type { DistroNetwork } from "../protocol/guest.ts";
import { addressOf } from "./address.ts";
import { runBootCommand } from "./boot-command.ts";
import { ociConfig } from "./bundle/index.ts";
import { distroHostname, etcFiles } from "./etc-files.ts";
import { listsMounts, mountFstab } from "./host-folders/fstab.ts";
import type { HostFolders } from "./host-folders/host-folders.ts";
import { hostFolderPolicy } from "./host-folders/policy-now.ts";
import { mountStartFolders } from "./host-folders/start-folders.ts";
import type { FolderLook } from "./host-folders/wanted.ts";
import { guestLimits } from "./limits.ts";
import type { DistroRecord, Registry } from "./registry.ts";
import type { SettingsStore } from "./settings.ts";
import { startSystemd } from "./systemd/start-systemd.ts";
import type { UserSessions } from "./systemd/user-sessions.ts";
import type { RunningVm } from "./utility-vm.ts";
import { parseWslConf } from "./wsl-conf.ts";

/** What a start found out, for the commands that follow. */
export interface StartedDistro {
  /** For commands that name no user. */
  readonly defaultUser: string;
  /** The users' login sessions, where systemd runs. */
  readonly sessions: UserSessions | undefined;
  /** How folders of the host are shown that are chosen while it runs. */
  readonly folderLook: FolderLook;
  /** For the user: unknown keys in wsl.conf and the like. */
  readonly warnings: readonly string[];
}

export interface StartParts {
  readonly registry: Registry;
  readonly settings: SettingsStore;
  readonly hostFolders: HostFolders;
  /** The host's name, for distros that do not choose their own. */
  readonly hostname: string;
  readonly log: Logger;
  /** Called before each init that is started. */
  readonly onInit: () => void;
}

/**
 * Reads the distro's configuration, builds its OCI bundle, starts it (with systemd where it asks for that and has an
 * init) and then its [boot] command.
 */
export async function startDistro(
  vm: RunningVm,
  record: DistroRecord,
  parts: StartParts,
  signal: AbortSignal,
): Promise<StartedDistro> {
  const { agent, plan, nameservers } = vm;
  const found = await agent.call("distro.inspect", { distro: record.id }, { signal });
  const { conf, warnings: confWarnings } = parseWslConf(found.wslConf ?? "");
  const warnings = [...confWarnings];
  const network: DistroNetwork = {
    address: await addressOf(record, parts.registry, plan),
    prefix: plan.bridge.prefix,
    gateway: formatIpv4(plan.bridgeGateway),
  };
  const hostname = distroHostname(conf, parts.hostname);
  const run = async (init: "reaper" | "systemd"): Promise<void> => {
    parts.onInit();
    await agent.call(
      "distro.start",
      {
        distro: record.id,
        config: { ...ociConfig({ distroId: record.id, name: record.name, hostname, init }) },
        network,
        limits: guestLimits(parts.registry.limitsOf(record.id)),
        files: etcFiles({ conf, hostname: parts.hostname, nameservers, search: [] }),
      },
      { signal },
    );
  };
  let sessions: UserSessions | undefined;
  if (conf.boot.systemd && found.hasInit) {
    const limit = Math.min(Math.max(conf.boot.initTimeout, 0), timeouts.systemdBoot);
    const systemd = await startSystemd(agent, record, { run, limit, log: parts.log, signal });
    sessions = systemd.sessions;
    warnings.push(...systemd.warnings);
  } else {
    await run("reaper");
    if (conf.boot.systemd) warnings.push(noInit);
  }
  const policy = hostFolderPolicy(parts.settings, parts.registry);
  const folders = await mountStartFolders(parts.hostFolders, { record, conf, found, policy }, signal);
  warnings.push(...folders.warnings);
  // systemd has done so itself.
  if (conf.automount.mountFsTab && !sessions && listsMounts(found.fstab ?? ""))
    warnings.push(...(await mountFstab(agent, record, signal)));
  parts.log.info("distro started", { name: record.name, network, warnings });
  if (conf.boot.command) void runBootCommand(agent, record, conf.boot.command, parts.log);
  return { defaultUser: conf.user.default ?? "root", sessions, folderLook: folders.look, warnings };
}

const noInit =
  "[boot] systemd is set in /etc/wsl.conf, but the distribution has no /sbin/init: install systemd-sysv";
