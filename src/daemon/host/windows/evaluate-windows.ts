import type { Finding } from "../../../protocol/host.ts";
import { addressesFinding } from "../addresses.ts";
import { ok, warning } from "../findings.ts";
import { guestFilesFinding } from "../guest-files.ts";
import { spaceFinding } from "../space.ts";
import { stateFilesFinding } from "../state-files.ts";
import { chooseComputeService, type ComputeServiceChoice } from "./choose-compute-service.ts";
import { evaluateHost } from "./evaluate-host.ts";
import { evaluatePlatform } from "./evaluate-platform.ts";
import type { WindowsFacts } from "./facts.ts";

/** What the facts about a Windows host mean for tswsl, most important first. Pure. */
export function evaluateWindows(facts: WindowsFacts): readonly Finding[] {
  const choice = chooseComputeService(facts);
  // Where QEMU runs the machines, what HCS lacks is no more than a pity.
  const platform = evaluatePlatform(facts).map((finding) =>
    choice.service === "QEMU" && finding.state === "missing"
      ? { ...finding, state: "warning" as const }
      : finding,
  );
  return [
    serviceFinding(choice),
    ...platform,
    ...evaluateHost(facts),
    guestFilesFinding(facts.guest, facts.program),
    spaceFinding(facts.space, "See what takes it: Settings, System, Storage; and: tswsl list -v"),
    stateFilesFinding(facts.state, facts.home),
    addressesFinding(facts.addresses),
  ];
}

function serviceFinding({ service, obstacles }: ComputeServiceChoice): Finding {
  const check = "compute service";
  if (service === "QEMU") {
    return warning(check, `QEMU with WHPX runs virtual machines, because ${obstacles.join(", and ")}`, null);
  }
  if (obstacles.length === 0) return ok(check, "the Host Compute Service runs virtual machines");
  // Each obstacle has a finding of its own, with its remedy.
  return warning(
    check,
    `the Host Compute Service cannot run virtual machines yet: ${obstacles.join(", and ")}`,
    null,
  );
}
