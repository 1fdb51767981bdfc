import type { Logger } from "../base/log.ts";
import { formatIpv4 } from "../base/ipv4.ts";
import type { DistroNetwork } from "../protocol/guest.ts";
import { addressOf } from "./address.ts";
import { runBootCommand } from "./boot-command.ts";
import { ociConfig } from "./bundle/index.ts";
import { distroHostname, etcFiles } from "./etc-files.ts";
import { guestLimits } from "./limits.ts";
import type { DistroRecord, Registry } from "./registry.ts";
import type { RunningVm } from "./utility-vm.ts";
import { parseWslConf } from "./wsl-conf.ts";

/** What a start found out, for the commands that follow. */
export interface StartedDistro {
  /** For commands that name no user. */
  readonly defaultUser: string;
  /** For the user: unknown keys in wsl.conf and the like. */
  readonly warnings: readonly string[];
}

export interface StartParts {
  readonly registry: Registry;
  /** The host's name, for distros that do not choose their own. */
  readonly hostname: string;
  readonly log: Logger;
}

/** Reads the distro's configuration, builds its OCI bundle, starts it and then its [boot] command. */
export async function startDistro(
  vm: RunningVm,
  record: DistroRecord,
  parts: StartParts,
  signal: AbortSignal,
): Promise<StartedDistro> {
  const { agent, plan, nameservers } = vm;
  const found = await agent.call("distro.inspect", { distro: record.id }, { signal });
  const { conf, warnings } = parseWslConf(found.wslConf ?? "");
  const network: DistroNetwork = {
    address: await addressOf(record, parts.registry, plan),
    prefix: plan.bridge.prefix,
    gateway: formatIpv4(plan.bridgeGateway),
  };
  const hostname = distroHostname(conf, parts.hostname);
  await agent.call(
    "distro.start",
    {
      distro: record.id,
      config: { ...ociConfig({ distroId: record.id, name: record.name, hostname, init: "reaper" }) },
      network,
      limits: guestLimits(parts.registry.limitsOf(record.id)),
      files: etcFiles({ conf, hostname: parts.hostname, nameservers, search: [] }),
    },
    { signal },
  );
  parts.log.info("distro started", { name: record.name, network, warnings });
  if (conf.boot.command) void runBootCommand(agent, record, conf.boot.command, parts.log);
  const systemd = conf.boot.systemd
    ? ["systemd is not supported yet: [boot] systemd in /etc/wsl.conf has no effect"]
    : [];
  return { defaultUser: conf.user.default ?? "root", warnings: [...warnings, ...systemd] };
}
