import type { WindowsFacts } from "./facts.ts";

/** Windows 10 2004: the first with all that the documents need. */
export const OLDEST_BUILD = 19041;
/** Windows 11 22H2: from here on the network service does without the switch's filter driver (as WSL checks it). */
const WITHOUT_FILTER_DRIVER = 22621;

/** Which service would run virtual machines on this Windows, and what keeps HCS from it. */
export interface ComputeServiceChoice {
  readonly service: "HCS" | "QEMU";
  /** Empty when HCS can be used. */
  readonly obstacles: readonly string[];
}

/** The facts that the choice rests on. */
export type ChoiceFacts = Pick<
  WindowsFacts,
  "release" | "hypervisor" | "services" | "rights" | "hypervisorPlatform" | "qemu"
>;

/**
 * HCS wherever it can be used. QEMU where it cannot, when QEMU and WHPX are there; without them it stays HCS, whose
 * errors say what is missing. What cannot be told is no obstacle. Pure.
 */
export function chooseComputeService(facts: ChoiceFacts): ComputeServiceChoice {
  const obstacles = obstaclesOf(facts);
  const { hypervisorPlatform, qemu } = facts;
  const whpx = "known" in qemu && "known" in hypervisorPlatform && hypervisorPlatform.known === "ready";
  return { service: obstacles.length > 0 && whpx ? "QEMU" : "HCS", obstacles };
}

/** `22631` of `10.0.22631`. */
export function buildOf(release: string): number {
  return Number(release.split(".")[2] ?? 0);
}

/** The services without which HCS does not work on this build. */
export function neededServices(release: string): readonly ("vmcompute" | "hns" | "vfpext")[] {
  return buildOf(release) < WITHOUT_FILTER_DRIVER ? ["vmcompute", "hns", "vfpext"] : ["vmcompute", "hns"];
}

/** True when this user may call HCS, or our own service does it for the user. Unknown counts as yes. */
export function mayUseCompute({ rights, services }: Pick<WindowsFacts, "rights" | "services">): boolean {
  const ours = services.tswsl;
  if ("known" in ours && ours.known.state !== "absent") return true;
  return "unknown" in rights || rights.known.elevated || rights.known.hyperVAdministrator;
}

function obstaclesOf(facts: ChoiceFacts): readonly string[] {
  const { release, hypervisor, services } = facts;
  const lacking = neededServices(release).filter((name) => {
    const service = services[name];
    return "known" in service && (service.known.state === "absent" || service.known.disabled);
  });
  return [
    ...(buildOf(release) < OLDEST_BUILD ? [`Windows ${release} is too old`] : []),
    ...lacking.map((name) => `the service ${name} is missing or disabled`),
    ...("known" in hypervisor && !isHyperV(hypervisor.known) ? ["the Windows hypervisor does not run"] : []),
    ...(mayUseCompute(facts) ? [] : ["this user may not use the Host Compute Service"]),
  ];
}

/** Microsoft's hypervisor below this Windows, which may make machines of its own. */
export function isHyperV({
  vendor,
  createsPartitions,
}: {
  vendor: string | undefined;
  createsPartitions: boolean;
}): boolean {
  return vendor === "Microsoft Hv" && createsPartitions;
}
