import type { Finding } from "../../../protocol/host.ts";
import { missing, ok, warning } from "../findings.ts";
import type { WindowsFacts } from "./facts.ts";

/** What the rest of the host brings: the folder of the store, QEMU, and Microsoft's own Linux. */
export function evaluateHost(facts: WindowsFacts): readonly Finding[] {
  return [volumeFinding(facts), qemuFinding(facts), wslFinding(facts)];
}

/** Virtual disks must be neither compressed nor encrypted nor sparse (0xC03A001A), on NTFS or ReFS. */
function volumeFinding({ volume, home }: WindowsFacts): Finding {
  const check = "home volume";
  if ("unknown" in volume)
    return warning(check, `${home} cannot be looked at: ${volume.unknown}`, volume.hint ?? null);
  const { fileSystem, compressed, encrypted } = volume.known;
  if (encrypted) {
    return missing(check, `${home} is encrypted (EFS): virtual disks must not be`, `cipher /d "${home}"`);
  }
  if (compressed) {
    return missing(check, `${home} is compressed: virtual disks must not be`, `compact /u /s:"${home}" /i`);
  }
  if (fileSystem !== "NTFS" && fileSystem !== "ReFS") {
    return warning(
      check,
      `${home} lies on ${fileSystem}: files there are open to every user, and cannot have more than 4 GiB on FAT32`,
      "Set TSWSL_HOME to a folder on an NTFS volume",
    );
  }
  return ok(check, `${home} lies on ${fileSystem}, neither compressed nor encrypted`);
}

/** The second service; nobody needs it where HCS works. */
function qemuFinding({ qemu, hypervisorPlatform, features }: WindowsFacts): Finding {
  const check = "qemu";
  if ("unknown" in qemu) return ok(check, `not used: ${qemu.unknown}`);
  const { binary, version } = qemu.known;
  const found = `QEMU ${version} (${binary})`;
  const whpx = "known" in hypervisorPlatform ? hypervisorPlatform.known : "idle";
  if (whpx === "ready") return ok(check, `${found}, and WHPX for it`);
  const pending = "known" in features && features.known.HypervisorPlatform === "pending";
  if (pending) return ok(check, `${found}; WHPX waits for a restart`);
  return ok(check, `${found}, but WHPX ${whpx === "absent" ? "is not installed" : "has no hypervisor"}`);
}

function wslFinding({ wsl }: WindowsFacts): Finding {
  const check = "wsl";
  if ("unknown" in wsl)
    return warning(check, `WSL's use of the platform cannot be told: ${wsl.unknown}`, null);
  const { service, distributions, machines } = wsl.known;
  const running = machines === 0 ? "no virtual machine runs" : `virtual machines that run: ${machines}`;
  if (service === undefined) return ok(check, `WSL is not installed; ${running}`);
  return ok(
    check,
    `WSL (${service}) has distributions: ${distributions}; ${running}. Both can run side by side`,
  );
}
