import type { Finding, PlatformFeature } from "../../../protocol/host.ts";
import { missing, ok, warning } from "../findings.ts";
import { buildOf, isHyperV, mayUseCompute, neededServices, OLDEST_BUILD } from "./choose-compute-service.ts";
import type { WindowsFacts } from "./facts.ts";
import type { FeatureState } from "./native/dism.ts";

const ELEVATED = "in a prompt opened with 'Run as administrator'";

/** What the Host Compute Service needs of Windows. */
export function evaluatePlatform(facts: WindowsFacts): readonly Finding[] {
  return [
    windowsFinding(facts),
    featureFinding(facts),
    hypervisorFinding(facts),
    servicesFinding(facts),
    sharingFinding(facts),
    rightsFinding(facts),
  ];
}

function windowsFinding({ release }: WindowsFacts): Finding {
  if (buildOf(release) >= OLDEST_BUILD) return ok("windows", `Windows ${release}`);
  return missing(
    "windows",
    `Windows ${release} is too old: build ${OLDEST_BUILD} (Windows 10 2004) or later is needed`,
    "Update Windows: Settings, Update & Security",
  );
}

function featureFinding(facts: WindowsFacts): Finding {
  const check = "virtual machine platform";
  const { features } = facts;
  const enable = `Switch it on, ${ELEVATED}: tswsl install --no-distribution`;
  if ("known" in features) {
    const state = features.known.VirtualMachinePlatform;
    return stateFinding(check, { feature: "VirtualMachinePlatform", state, enable });
  }
  // Not told to users: the service that comes with it speaks for it.
  const { vmcompute } = facts.services;
  if ("unknown" in vmcompute)
    return warning(check, `it cannot be told: ${features.unknown}`, features.hint ?? null);
  if (vmcompute.known.state !== "absent") return ok(check, "its service (vmcompute) is installed");
  return missing(
    check,
    "the Virtual Machine Platform is switched off: its service (vmcompute) is missing",
    enable,
  );
}

interface FeatureVerdict {
  readonly feature: PlatformFeature;
  readonly state: FeatureState;
  readonly enable: string;
}

function stateFinding(check: string, { feature, state, enable }: FeatureVerdict): Finding {
  switch (state) {
    case "on":
      return ok(check, `the feature ${feature} is on`);
    case "pending":
      return missing(check, `the feature ${feature} waits for a restart`, "Restart Windows");
    case "off":
      return missing(check, `the feature ${feature} is off`, enable);
    case "absent":
      return missing(
        check,
        `this Windows has no feature ${feature}`,
        "Windows 10 2004 or later on x64 has it; see: winver",
      );
  }
}

function hypervisorFinding({ hypervisor, firmware }: WindowsFacts): Finding {
  const check = "hypervisor";
  if ("unknown" in hypervisor) return warning(check, `it cannot be told: ${hypervisor.unknown}`, null);
  const { vendor } = hypervisor.known;
  if (isHyperV(hypervisor.known)) return ok(check, "the Windows hypervisor runs");
  if (vendor !== undefined) {
    // A guest, of Hyper-V too when it may not make partitions.
    return missing(
      check,
      `this Windows is a virtual machine (of ${vendor}) without virtualisation of its own`,
      "Allow nested virtualisation on the host around it; on Hyper-V, with this machine switched off: " +
        "Set-VMProcessor -VMName NAME -ExposeVirtualizationExtensions $true",
    );
  }
  // Without a hypervisor Windows tells the truth about the firmware.
  if ("known" in firmware && !firmware.known.virtualisation) {
    return missing(
      check,
      "virtualisation is switched off in the firmware",
      "Switch VT-x (Intel), AMD-V or SVM (AMD) on in the firmware's setup: Settings, Recovery, Advanced startup",
    );
  }
  return missing(
    check,
    "virtualisation is there, but the Windows hypervisor was not started",
    `Have Windows start it, ${ELEVATED}: bcdedit /set hypervisorlaunchtype auto, then restart`,
  );
}

function servicesFinding({ services, release }: WindowsFacts): Finding {
  const check = "services";
  const needed = neededServices(release);
  const absent = needed.filter((name) => isState(services[name], ({ state }) => state === "absent"));
  if (absent.length > 0) {
    const remedy = `They come with the Virtual Machine Platform, ${ELEVATED}: tswsl install --no-distribution`;
    return missing(check, `missing: ${absent.join(", ")}`, remedy);
  }
  const disabled = needed.filter((name) => isState(services[name], (service) => service.disabled));
  if (disabled.length > 0) {
    const commands = disabled.map((name) => `sc config ${name} start= demand`).join(" & ");
    return missing(check, `disabled: ${disabled.join(", ")}`, `Allow them, ${ELEVATED}: ${commands}`);
  }
  const untold = needed.filter((name) => "unknown" in services[name]);
  if (untold.length > 0) return warning(check, `cannot be told: ${untold.join(", ")}`, null);
  return ok(check, `${needed.join(", ")} are there`);
}

type Services = WindowsFacts["services"];
type Known = Extract<Services["hns"], { known: unknown }>["known"];

function isState(service: Services["hns"], test: (service: Known) => boolean): boolean {
  return "known" in service && test(service.known);
}

/** Only HCN networks of type ICS need it; ours is NAT, which on some builds uses it all the same. */
function sharingFinding({ services, sharingForbidden }: WindowsFacts): Finding {
  const check = "internet connection sharing";
  const { SharedAccess } = services;
  if (isState(SharedAccess, ({ state }) => state === "absent")) {
    return warning(check, "the service SharedAccess is missing: the network may not work", null);
  }
  if (isState(SharedAccess, ({ disabled }) => disabled)) {
    return warning(
      check,
      "the service SharedAccess is disabled: the network may not work",
      `Allow it, ${ELEVATED}: sc config SharedAccess start= demand`,
    );
  }
  if ("known" in sharingForbidden && sharingForbidden.known) {
    return warning(
      check,
      "a policy forbids it: the network may not work",
      "gpedit.msc, Administrative Templates, Network, Network Connections, 'Prohibit use of Internet Connection Sharing'",
    );
  }
  if ("unknown" in SharedAccess) return warning(check, `it cannot be told: ${SharedAccess.unknown}`, null);
  return ok(check, "it is not disabled");
}

function rightsFinding(facts: WindowsFacts): Finding {
  const check = "rights";
  const { rights, services } = facts;
  if (!mayUseCompute(facts)) {
    return missing(
      check,
      "this user may not use the Host Compute Service, and tswsl's service is not installed",
      `Start tswsl ${ELEVATED}, or join the group 'Hyper-V Administrators' and sign in anew: ` +
        `net localgroup "Hyper-V Administrators" "%USERNAME%" /add`,
    );
  }
  if (isState(services.tswsl, ({ state }) => state !== "absent"))
    return ok(check, "tswsl's service is installed");
  if ("unknown" in rights) return warning(check, `they cannot be told: ${rights.unknown}`, null);
  return ok(check, rights.known.elevated ? "an administrator" : "a member of Hyper-V Administrators");
}
