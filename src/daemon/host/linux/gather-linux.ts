import { constants } from "node:fs";
import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { listBootstrapFlavors } from "../../../distro/source/index.ts";
import { chooseMode, findProgram, modeFacts } from "../../../distro/source/bootstrap/mode.ts";
import { probeKey, rememberedProbe } from "../../../vm/qemu/accelerators.ts";
import { findQemu, type Qemu } from "../../../vm/qemu/find-qemu.ts";
import { version } from "../../version.ts";
import { inspectAddresses } from "../addresses.ts";
import { inquire, type Fact } from "../fact.ts";
import { inspectGuestFiles } from "../guest-files.ts";
import type { HostPlace } from "../host-place.ts";
import { freeBytes } from "../space.ts";
import { inspectStateFiles } from "../state-files.ts";
import type { KvmFact, LinuxFacts, ProbeFact, ProgramFact, SourcesFact } from "./facts.ts";

/** Programs that are started beside QEMU, by package (docs/dependencies.md). */
const programs = { flock: "util-linux", setpriv: "util-linux" };

/** Looks at this Linux host. Changes nothing, starts no guest, and never fails: what cannot be told is a fact too. */
export async function gatherLinux({ paths, guest }: HostPlace, signal: AbortSignal): Promise<LinuxFacts> {
  const qemu = inquire(() => findQemu(process.env["PATH"], signal));
  const [found, state, addresses, sources, guestFiles] = await Promise.all([
    findPrograms(),
    inspectStateFiles(paths),
    inspectAddresses(),
    inspectSources(signal),
    inspectGuestFiles(guest, signal),
  ]);
  return {
    program: version,
    qemu: await qemu,
    programs: found,
    kvm: await inspectKvm(),
    accelerator: await lastProbe(paths.acceleratorFile, await qemu, join(guest, "vmlinux")),
    guest: guestFiles,
    space: { path: paths.home, free: await inquire(() => freeBytes(paths.home)) },
    home: paths.home,
    state,
    addresses,
    sources,
  };
}

async function findPrograms(): Promise<readonly ProgramFact[]> {
  return Promise.all(
    Object.entries(programs).map(async ([name, packageName]) => ({
      name,
      packageName,
      found: (await findProgram(name)) !== undefined,
    })),
  );
}

async function inspectKvm(): Promise<KvmFact> {
  const device = await access("/dev/kvm", constants.R_OK | constants.W_OK).then(
    () => "usable" as const,
    ({ code }: NodeJS.ErrnoException) =>
      code === "EACCES" || code === "EPERM" ? ("denied" as const) : ("absent" as const),
  );
  const info = await readFile("/proc/cpuinfo", "utf8").catch(() => "");
  const flags = new Set(/^flags\s*:(.*)$/m.exec(info)?.[1]?.trim().split(" "));
  const processor = flags.has("vmx") ? "vmx" : flags.has("svm") ? "svm" : "none";
  return { device, processor, guest: flags.has("hypervisor") };
}

async function lastProbe(file: string, qemu: Fact<Qemu>, kernel: string): Promise<ProbeFact | undefined> {
  if ("unknown" in qemu) return undefined;
  const key = await probeKey(qemu.known, kernel).catch(() => undefined);
  return key && rememberedProbe(file, key);
}

async function inspectSources(signal: AbortSignal): Promise<SourcesFact> {
  const flavors = await listBootstrapFlavors(signal);
  return {
    flavors: flavors.map(({ friendlyName }) => friendlyName),
    mmdebstrap: (await findProgram("mmdebstrap")) !== undefined,
    mode: await inquire(async () => chooseMode(await modeFacts())),
  };
}
