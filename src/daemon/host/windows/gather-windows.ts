import { mkdir } from "node:fs/promises";
import { release } from "node:os";
import { findQemu } from "../../../vm/qemu/find-qemu.ts";
import { version } from "../../version.ts";
import { inspectAddresses } from "../addresses.ts";
import { inquire, type Fact } from "../fact.ts";
import { inspectGuestFiles } from "../guest-files.ts";
import type { HostPlace } from "../host-place.ts";
import { freeBytes } from "../space.ts";
import { inspectStateFiles } from "../state-files.ts";
import type { ChoiceFacts } from "./choose-compute-service.ts";
import { serviceNames, type ServiceName, type WindowsFacts, type WslFact } from "./facts.ts";
import { withDism } from "./native/dism.ts";
import { queryHypervisorPlatform } from "./native/hypervisor-platform.ts";
import { queryFirmware, queryHypervisor } from "./native/hypervisor.ts";
import { loadKoffi, type Koffi } from "./native/koffi.ts";
import { processNames } from "./native/processes.ts";
import { registryKeys, registryNumber, roots } from "./native/registry.ts";
import { queryService } from "./native/services.ts";
import { queryRights } from "./native/token.ts";
import { queryVolume } from "./native/volume.ts";
import { qemuSearchPath } from "./qemu-search-path.ts";

const LXSS = "Software\\Microsoft\\Windows\\CurrentVersion\\Lxss";
const SHARING_POLICY = "Software\\Policies\\Microsoft\\Windows\\Network Connections";

/** Looks at this Windows. Starts and enables nothing, and never fails: what cannot be told is a fact too. */
export async function gatherWindows({ paths, guest }: HostPlace, signal: AbortSignal): Promise<WindowsFacts> {
  // The volume is looked at by a folder, which our own daemon would make here too.
  await mkdir(paths.home, { recursive: true }).catch(() => undefined);
  return {
    program: version,
    ...(await gatherChoice(signal)),
    firmware: await native(queryFirmware),
    features: await native((koffi) =>
      withDism(koffi, (dism) => ({
        VirtualMachinePlatform: dism.featureState("VirtualMachinePlatform"),
        HypervisorPlatform: dism.featureState("HypervisorPlatform"),
      })),
    ),
    sharingForbidden: await native(
      // NC_ShowSharedAccessUI: 0 is "Prohibit use of Internet Connection Sharing on your DNS domain network".
      (koffi) => registryNumber(koffi, roots.localMachine, SHARING_POLICY, "NC_ShowSharedAccessUI") === 0,
    ),
    volume: await native((koffi) => queryVolume(koffi, paths.home)),
    wsl: await native(inspectWsl),
    guest: await inspectGuestFiles(guest, signal),
    space: { path: paths.home, free: await inquire(() => freeBytes(paths.home)) },
    home: paths.home,
    state: await inspectStateFiles(paths),
    addresses: await inspectAddresses(),
  };
}

/** What decides which service runs virtual machines here. As above. */
export async function gatherChoice(signal: AbortSignal): Promise<ChoiceFacts> {
  return {
    release: release(),
    hypervisor: await native(queryHypervisor),
    services: await servicesOf(),
    hypervisorPlatform: await native(queryHypervisorPlatform),
    rights: await native(queryRights),
    qemu: await native((koffi) => findQemu(qemuSearchPath(koffi), signal)),
  };
}

/** Each inquiry loads it for itself, so that its absence is told by each. */
function native<T>(inquiry: (koffi: Koffi) => T | Promise<T>): Promise<Fact<T>> {
  return inquire(() => inquiry(loadKoffi()));
}

async function servicesOf(): Promise<WindowsFacts["services"]> {
  const entries = serviceNames.map(
    async (name) => [name, await native((koffi) => queryService(koffi, name))] as const,
  );
  // Every name is there: the entries are made from all of them.
  return Object.fromEntries(await Promise.all(entries)) as Record<
    ServiceName,
    WindowsFacts["services"][ServiceName]
  >;
}

function inspectWsl(koffi: Koffi): WslFact {
  const installed = (["WslService", "LxssManager"] as const).find(
    (name) => queryService(koffi, name).state !== "absent",
  );
  const workers = processNames(koffi).filter((name) => name.toLowerCase() === "vmwp.exe");
  return {
    service: installed,
    distributions: registryKeys(koffi, roots.currentUser, LXSS),
    machines: workers.length,
  };
}
