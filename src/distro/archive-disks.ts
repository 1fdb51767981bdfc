import { timeouts } from "../base/timeouts.ts";
import type { ComputeSystem } from "../vm/compute-service.ts";
import { addDisk, diskAttachment, removeDisk, STORE_LUN } from "../vm/document.ts";

/** Controllers have 64 places. */
const LAST_LUN = 63;

export interface ArchiveDisk {
  readonly lun: number;
  /** Takes the disk away, in its own time: a machine that does not answer holds nobody up. */
  readonly detach: () => void;
}

/**
 * Archives that a machine reads as disks. QEMU hands a virtio-serial port, which is what streams go through, 4 KiB in each
 * turn of its main loop: 16 MB/s under emulation, and less than tar can unpack there. A disk is read a megabyte at a time.
 */
export class ArchiveDisks {
  readonly #system: Pick<ComputeSystem, "modify">;
  readonly #taken = new Set<number>();

  constructor(system: Pick<ComputeSystem, "modify">) {
    this.#system = system;
  }

  /** Attaches a file, read-only; undefined when all places are taken. */
  async attach(file: string, signal: AbortSignal): Promise<ArchiveDisk | undefined> {
    const lun = this.#freeLun();
    if (lun === undefined) return undefined;
    this.#taken.add(lun);
    try {
      await this.#system.modify(addDisk(lun, diskAttachment(file, { readOnly: true })), signal);
    } catch (error) {
      this.#taken.delete(lun);
      throw error;
    }
    return { lun, detach: () => this.#detach(lun) };
  }

  #detach(lun: number): void {
    const removal = this.#system.modify(removeDisk(lun), AbortSignal.timeout(timeouts.diskRemoval));
    // One that cannot be removed keeps its place, or has gone with the machine.
    removal.then(
      () => this.#taken.delete(lun),
      () => undefined,
    );
  }

  #freeLun(): number | undefined {
    for (let lun = STORE_LUN + 1; lun <= LAST_LUN; lun++) if (!this.#taken.has(lun)) return lun;
    return undefined;
  }
}
