import { withDeadline } from "../../base/deadline.ts";
import { TswslError } from "../../base/errors.ts";
import { timeouts } from "../../base/timeouts.ts";
import type { Attachment, ModifySettingRequest } from "../hcs-types.ts";
import { checkDisk } from "./files.ts";
import type { QmpClient } from "./qmp.ts";
import { blockdevOptions, diskName, scsiDeviceOptions } from "./scsi-options.ts";
import { validateAttachment } from "./validate.ts";

const attachmentPath = /^VirtualMachine\/Devices\/Scsi\/0\/Attachments\/(\d|[1-5]\d|6[0-3])$/;

/** What a change in progress is told: it is finished or undone whoever waits for it. */
const { signal: never } = new AbortController();

/** The LUN a request is about. Raises `invalid-argument` for a path that is not a LUN of controller "0". */
export function parseAttachmentPath(path: string): number {
  const lun = attachmentPath.exec(path)?.[1];
  if (lun !== undefined) return Number(lun);
  throw new TswslError("invalid-argument", `QEMU serves no changes of '${path}'`, {
    details: { property: "ResourcePath" },
  });
}

/**
 * The disks of a running system. Each LUN has at most one change in progress; changes of different LUNs overlap. A
 * caller that gives up leaves its change to finish: the LUN stays taken until then.
 */
export class ScsiController {
  readonly #qmp: QmpClient;
  readonly #luns = new Map<number, "attached" | "changing">();

  constructor(qmp: QmpClient, attached: Iterable<number>) {
    this.#qmp = qmp;
    for (const lun of attached) this.#luns.set(lun, "attached");
  }

  /** Serves one request. Raises `invalid-argument` for an occupied LUN, `not-found` for an empty one to remove. */
  async modify(request: ModifySettingRequest, signal: AbortSignal): Promise<void> {
    const lun = parseAttachmentPath(request.ResourcePath);
    switch (request.RequestType) {
      case "Add":
        return this.#add(lun, validateAttachment(request.Settings), signal);
      case "Remove":
        return this.#remove(lun, signal);
      default:
        throw new TswslError(
          "invalid-argument",
          `a disk can be added and removed, not changed: ${request.RequestType}`,
        );
    }
  }

  async #add(lun: number, attachment: Attachment, signal: AbortSignal): Promise<void> {
    if (this.#luns.has(lun)) throw new TswslError("invalid-argument", `SCSI LUN ${lun} is occupied`);
    this.#luns.set(lun, "changing");
    const plug = async (): Promise<void> => {
      try {
        await checkDisk(attachment);
        await this.#plug(lun, attachment);
        this.#luns.set(lun, "attached");
      } catch (error) {
        this.#luns.delete(lun);
        throw error;
      }
    };
    await withDeadline(signal, { ms: timeouts.qmpCall, what: `disk ${lun} to be added` }, plug);
  }

  async #plug(lun: number, attachment: Attachment): Promise<void> {
    try {
      await this.#qmp.execute("blockdev-add", blockdevOptions(lun, attachment), never);
    } catch (error) {
      throw diskError(attachment.Path, error);
    }
    try {
      await this.#qmp.execute("device_add", scsiDeviceOptions(lun), never);
    } catch (error) {
      await this.#qmp.execute("blockdev-del", { "node-name": diskName(lun) }, never);
      // The image is locked only now, when a device uses it.
      throw diskError(attachment.Path, error);
    }
  }

  async #remove(lun: number, signal: AbortSignal): Promise<void> {
    const state = this.#luns.get(lun);
    if (state === undefined) throw new TswslError("not-found", `there is no disk at SCSI LUN ${lun}`);
    if (state === "changing") throw new TswslError("invalid-state", `SCSI LUN ${lun} is being changed`);
    this.#luns.set(lun, "changing");
    const unplug = async (): Promise<void> => {
      try {
        await this.#unplug(lun);
        this.#luns.delete(lun);
      } catch (error) {
        this.#luns.set(lun, "attached");
        throw error;
      }
    };
    await withDeadline(signal, { ms: timeouts.diskRemoval, what: `disk ${lun} to be removed` }, unplug);
  }

  async #unplug(lun: number): Promise<void> {
    const { promise: deleted, resolve } = Promise.withResolvers<void>();
    const stop = this.#qmp.onEvent(({ name, data }) => {
      if (name === "DEVICE_DELETED" && data["device"] === diskName(lun)) resolve();
    });
    try {
      await this.#qmp.execute("device_del", { id: diskName(lun) }, never);
      await withDeadline(
        never,
        { ms: timeouts.diskRemoval, what: `the guest to release disk ${lun}` },
        () => deleted,
      );
    } finally {
      stop();
    }
    await this.#qmp.execute("blockdev-del", { "node-name": diskName(lun) }, never);
  }
}

/** QEMU says only in words that somebody else has the image open. */
function diskError(path: string, cause: unknown): unknown {
  if (!(cause instanceof TswslError) || cause.code !== "internal") return cause;
  if (/Failed to get .* lock/.test(cause.message)) {
    return new TswslError("unavailable", `the disk image ${path} is in use by another virtual machine`, {
      cause,
    });
  }
  return new TswslError("invalid-argument", `QEMU cannot open the disk image ${path}: ${cause.message}`, {
    cause,
  });
}
