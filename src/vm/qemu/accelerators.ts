import { constants } from "node:fs";
import { access, readFile, stat } from "node:fs/promises";
import { cpus } from "node:os";
import * as v from "valibot";
import { TswslError } from "../../base/errors.ts";
import type { Logger } from "../../base/log.ts";
import { StateFile } from "../../base/state-file.ts";
import { probeAccelerator, type ProbeResult } from "./accelerator-probe.ts";
import type { Qemu } from "./find-qemu.ts";
import type { Accelerator, AcceleratorName } from "./machine.ts";

const AcceleratorSchema = v.variant("name", [
  v.object({ name: v.picklist(["kvm", "whpx"]) }),
  v.object({ name: v.literal("tcg"), tscKhz: v.pipe(v.number(), v.integer(), v.minValue(1)) }),
]);

/** On all of this the answer depends; when any of it changes, the accelerators are tried again. */
const ProbeKey = v.object({
  qemu: v.string(),
  kernel: v.string(),
  processor: v.string(),
  boot: v.string(),
});

const Memory = v.object({
  version: v.literal(1),
  key: ProbeKey,
  accelerator: AcceleratorSchema,
  /** What was tried before, and why it does not count. */
  rejected: v.array(v.object({ name: v.string(), reason: v.string() })),
});

export type ProbeKey = v.InferOutput<typeof ProbeKey>;
export type Probe = (name: AcceleratorName, signal: AbortSignal) => Promise<ProbeResult>;

export interface ChooseOptions {
  readonly candidates: readonly AcceleratorName[];
  readonly key: ProbeKey;
  /** Where the answer is remembered. */
  readonly file: string;
  readonly probe: Probe;
  readonly log: Logger;
}

/**
 * The first candidate that has run a guest, now or under the same circumstances before. Raises `unavailable` with
 * every reason when none did.
 */
export async function chooseAccelerator(options: ChooseOptions, signal: AbortSignal): Promise<Accelerator> {
  const { candidates, key, file, probe, log } = options;
  const memory = new StateFile(file, Memory);
  const remembered = await memory.read().catch((error: unknown) => {
    // It only saves time: what cannot be read is found out again.
    log.warn("the remembered accelerator is not used", { error });
    return undefined;
  });
  if (remembered && isSameKey(remembered.key, key)) return remembered.accelerator;
  const rejected: { name: string; reason: string }[] = [];
  for (const name of candidates) {
    const result = await probe(name, signal);
    if ("accelerator" in result) {
      log.info("accelerator chosen", { accelerator: result.accelerator, rejected });
      await memory
        .write({ version: 1, key, accelerator: result.accelerator, rejected })
        .catch((error: unknown) => void log.warn("the accelerator is not remembered", { error }));
      return result.accelerator;
    }
    rejected.push({ name, reason: result.reason });
  }
  throw noAccelerator(rejected);
}

/** What this host may have, best first. Opening the device proves nothing, but a missing one need not be tried. */
export async function acceleratorCandidates(platform: NodeJS.Platform): Promise<readonly AcceleratorName[]> {
  if (platform === "win32") return ["whpx", "tcg"];
  const openable = await access("/dev/kvm", constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  return openable ? ["kvm", "tcg"] : ["tcg"];
}

/** The circumstances of a probe on this host, now. */
export async function probeKey(qemu: Qemu, kernel: string): Promise<ProbeKey> {
  const { size, mtimeMs } = await stat(kernel);
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
  return {
    qemu: `${qemu.binary} ${qemu.version}`,
    kernel: `${kernel} ${size} ${mtimeMs}`,
    processor: cpus()[0]?.model ?? "",
    boot: boot.trim(),
  };
}

/** The probe that runs a real guest. */
export function realProbe(qemu: Qemu, kernel: string): Probe {
  return (name, signal) => probeAccelerator(name, { binary: qemu.binary, kernel }, signal);
}

/** What the last try in this file found, and whether it would be believed under these circumstances. Never rejects. */
export async function rememberedProbe(
  file: string,
  key: ProbeKey,
): Promise<
  (Pick<v.InferOutput<typeof Memory>, "accelerator" | "rejected"> & { current: boolean }) | undefined
> {
  const memory = await new StateFile(file, Memory).read().catch(() => undefined);
  if (!memory) return undefined;
  const { accelerator, rejected } = memory;
  return { accelerator, rejected, current: isSameKey(memory.key, key) };
}

/** The accelerator remembered in this file, however old, for display only. Never rejects. */
export async function rememberedAccelerator(file: string): Promise<AcceleratorName | undefined> {
  const memory = await new StateFile(file, Memory).read().catch(() => undefined);
  return memory?.accelerator.name;
}

function isSameKey(left: ProbeKey, right: ProbeKey): boolean {
  return (
    left.qemu === right.qemu &&
    left.kernel === right.kernel &&
    left.processor === right.processor &&
    left.boot === right.boot
  );
}

function noAccelerator(rejected: readonly { name: string; reason: string }[]): TswslError {
  const reasons = rejected.map(({ name, reason }) => `${name}: ${reason}`).join("; ");
  return new TswslError("unavailable", `QEMU runs no guest on this host (${reasons})`, {
    hint: "Try QEMU by hand: qemu-system-x86_64 -M microvm -accel tcg -display none",
  });
}
