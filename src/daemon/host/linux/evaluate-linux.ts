import type { Finding } from "../../../protocol/host.ts";
import { addressesFinding } from "../addresses.ts";
import { missing, ok, warning } from "../findings.ts";
import { guestFilesFinding } from "../guest-files.ts";
import { spaceFinding } from "../space.ts";
import { stateFilesFinding } from "../state-files.ts";
import { acceleratorFinding } from "./evaluate-accelerator.ts";
import type { LinuxFacts, SourcesFact } from "./facts.ts";

/** What the facts about a Linux host mean for tswsl, most important first. Pure. */
export function evaluateLinux(facts: LinuxFacts): readonly Finding[] {
  return [
    qemuFinding(facts),
    programsFinding(facts),
    acceleratorFinding(facts),
    guestFilesFinding(facts.guest, facts.program),
    spaceFinding(facts.space, `See what takes it: df -h ${facts.space.path}, and: tswsl list -v`),
    stateFilesFinding(facts.state, facts.home),
    addressesFinding(facts.addresses),
    sourcesFinding(facts.sources),
  ];
}

function qemuFinding({ qemu }: LinuxFacts): Finding {
  if ("unknown" in qemu) return missing("qemu", qemu.unknown, qemu.hint ?? null);
  return ok("qemu", `QEMU ${qemu.known.version} (${qemu.known.binary})`);
}

function programsFinding({ programs }: LinuxFacts): Finding {
  const absent = programs.filter(({ found }) => !found);
  if (absent.length === 0)
    return ok("programs", `${programs.map(({ name }) => name).join(" and ")} are there`);
  const packages = [...new Set(absent.map(({ packageName }) => packageName))];
  const names = absent.map(({ name }) => name).join(" and ");
  return missing(
    "programs",
    `${names} cannot be found`,
    `Install it: sudo apt-get install ${packages.join(" ")}`,
  );
}

/** Only `install --bootstrap` needs them. */
function sourcesFinding({ flavors, mmdebstrap, mode }: SourcesFact): Finding {
  const check = "package sources";
  if (flavors.length === 0) {
    const what = "this host has no package sources of Debian or Ubuntu: install --bootstrap does not work";
    return warning(check, what, "Refresh them: sudo apt-get update. Without them: tswsl list --online");
  }
  if (!mmdebstrap) {
    return warning(
      check,
      "mmdebstrap is not installed: install --bootstrap does not work",
      "Install it: sudo apt-get install mmdebstrap",
    );
  }
  if ("unknown" in mode)
    return warning(check, `${mode.unknown}: install --bootstrap does not work`, mode.hint ?? null);
  return ok(check, `install --bootstrap has ${flavors.join(", ")}`);
}
