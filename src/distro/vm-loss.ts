import { TswslError } from "../base/errors.ts";
import { timeouts } from "../base/timeouts.ts";
import { ExitHresult, type SystemExitStatus } from "../vm/hcs-types.ts";
import type { WatchedDisk } from "./space-watch.ts";
import type { UtilityVm } from "./utility-vm.ts";

/** Under this a machine that does not answer is one that waits for space. */
const FULL_BYTES = 16 * 1024 ** 2;

/**
 * Tells users what died. The link to the guest breaks a moment before, or after, it is known how the VM has ended: so
 * the last end is remembered, and one that is about to come is waited for.
 */
export class VmLoss {
  readonly #waiting = new Set<(status: SystemExitStatus) => void>();
  #last: { readonly status: SystemExitStatus; readonly at: number } | undefined;

  readonly #vm: Pick<UtilityVm, "running" | "onExit">;
  readonly #disk: WatchedDisk;

  constructor(vm: Pick<UtilityVm, "running" | "onExit">, disk: WatchedDisk) {
    this.#vm = vm;
    this.#disk = disk;
    vm.onExit((status) => {
      this.#last = { status, at: performance.now() };
      for (const resolve of this.#waiting) resolve(status);
    });
  }

  /** A broken link to the guest, or its silence, in the user's terms; every other error as it is. */
  async explain(error: TswslError): Promise<TswslError> {
    if (error.code === "timeout" && (await this.#isDiskFull())) return waitsForSpace(this.#disk, error);
    if (error.code !== "disconnected" || error.hint !== undefined) return error;
    const status = await this.#status();
    const options = { cause: error, hint: "The next command starts it again. What happened: tswsl logs" };
    if (status) return new TswslError("disconnected", describe(status), options);
    return new TswslError("disconnected", "the connection to the virtual machine was lost", {
      cause: error,
      hint: "If the next command fails as well: tswsl shutdown --force",
    });
  }

  /** A disk that cannot be asked is not what the machine waits for. */
  async #isDiskFull(): Promise<boolean> {
    const free = await this.#disk.freeBytes().catch(() => FULL_BYTES);
    return free < FULL_BYTES;
  }

  /** How the VM has ended, if it did so just now or does within a moment. */
  async #status(): Promise<SystemExitStatus | undefined> {
    const last = this.#last;
    // One that still counts as running is the one whose end is to come; an earlier one ended for reasons of its own.
    if (last && !this.#vm.running && performance.now() - last.at < timeouts.vmExitNews) return last.status;
    const { promise, resolve } = Promise.withResolvers<SystemExitStatus | undefined>();
    const timer = setTimeout(() => resolve(undefined), timeouts.vmExitNews);
    this.#waiting.add(resolve);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(resolve);
    }
  }
}

function describe({ Status, ExitType, Attribution }: SystemExitStatus): string {
  if (Status === ExitHresult.serviceDisconnect) {
    return "the Host Compute Service (vmcompute) stopped, and the virtual machine with it";
  }
  const crashed = Attribution?.some(({ GuestCrash }) => GuestCrash !== undefined) === true;
  const detail = Attribution?.find(({ WorkerExit }) => WorkerExit)?.WorkerExit?.Detail;
  // The agent powers off and never resets: a reset is the kernel's answer to a panic.
  if (crashed || detail === "GuestCrash" || detail === "Reset")
    return "the virtual machine died: its kernel crashed";
  if (ExitType === "GracefulExit" || ExitType === "ForcedExit") return "the virtual machine was shut down";
  return "the virtual machine died: its process ended unexpectedly";
}

/** QEMU stops a machine whose disk cannot grow, and goes on once it can. */
function waitsForSpace({ path }: WatchedDisk, cause: TswslError): TswslError {
  return new TswslError("unavailable", `the virtual machine waits: the disk that holds ${path} is full`, {
    cause,
    hint: `Free some space there, and it goes on by itself: df -h ${path}`,
  });
}
