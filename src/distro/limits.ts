import { TswslError } from "../base/errors.ts";
import type { DistroLimits } from "../protocol/daemon.ts";
import type { GuestLimits } from "../protocol/guest.ts";

/** Those that are to change; null takes a limit away. */
export type LimitChanges = { readonly [K in keyof DistroLimits]?: DistroLimits[K] | undefined };

/** Below these a Debian does not start: crun, the init and a shell must fit. */
const MIN_MEMORY_MIB = 32;
const MIN_CPUS = 0.05;
const MIN_PIDS = 16;
/** PID_MAX_LIMIT of a 64-bit kernel. */
const MAX_PIDS = 4_194_304;

/** The limits after the changes. Raises `invalid-argument` for one that no distro, or not this VM, can have. */
export function changeLimits(
  current: DistroLimits,
  changes: LimitChanges,
  vm: { readonly memoryMiB: number; readonly processors: number },
): DistroLimits {
  const { memoryMiB = current.memoryMiB, cpus = current.cpus, pids = current.pids } = changes;
  // Only what changes is checked: a VM made smaller later must not forbid to change another limit.
  checkMemory(changes.memoryMiB, vm.memoryMiB);
  checkCpus(changes.cpus, vm.processors);
  checkPids(changes.pids);
  return { memoryMiB, cpus, pids };
}

/** The limits in the kernel's units. */
export function guestLimits({ memoryMiB, cpus, pids }: DistroLimits): GuestLimits {
  return {
    memoryBytes: memoryMiB === null ? null : memoryMiB * 1024 ** 2,
    cpuMicros: cpus === null ? null : Math.round(cpus * 100_000),
    pids,
  };
}

function checkMemory(memoryMiB: number | null | undefined, most: number): void {
  if (memoryMiB === null || memoryMiB === undefined) return;
  if (!Number.isInteger(memoryMiB) || memoryMiB < MIN_MEMORY_MIB) {
    throw refused(
      `${memoryMiB} MiB of memory is too little for a distribution`,
      `Give at least ${MIN_MEMORY_MIB}M, or none for no limit.`,
    );
  }
  if (memoryMiB > most) {
    throw refused(
      `${memoryMiB} MiB is more memory than the virtual machine has (${most} MiB)`,
      `Give at most ${most}M, or more to the virtual machine: tswsl set --memory SIZE`,
    );
  }
}

function checkCpus(cpus: number | null | undefined, most: number): void {
  if (cpus === null || cpus === undefined) return;
  if (!Number.isFinite(cpus) || cpus < MIN_CPUS) {
    throw refused(
      `${cpus} processors are too little for a distribution`,
      `Give at least ${MIN_CPUS}, or none for no limit.`,
    );
  }
  if (cpus > most) {
    throw refused(
      `${cpus} processors are more than the virtual machine has (${most})`,
      `Give at most ${most}, or none for no limit.`,
    );
  }
}

function checkPids(pids: number | null | undefined): void {
  if (pids === null || pids === undefined) return;
  if (Number.isInteger(pids) && pids >= MIN_PIDS && pids <= MAX_PIDS) return;
  throw refused(
    `a distribution cannot be limited to ${pids} processes`,
    `Give a whole number from ${MIN_PIDS} to ${MAX_PIDS}, or none for no limit.`,
  );
}

function refused(message: string, hint: string): TswslError {
  return new TswslError("invalid-argument", message, { hint });
}
