import { setTimeout as sleep } from "node:timers/promises";
import type { Outcome } from "../../../native/hcs/native.d.ts";
import { timeouts } from "../../base/timeouts.ts";
import type { Attachment, ModifySettingRequest } from "../hcs-types.ts";
import type { FileGrants } from "./file-grants.ts";
import { documentOf, failedWith } from "./outcome.ts";

const attachmentPath = /^VirtualMachine\/Devices\/Scsi\/0\/Attachments\/(\d+)$/;
/** ERROR_SHARING_VIOLATION */
const IN_USE = 0x80070020;
const RETRY_MS = 100;

export interface ScsiChange {
  readonly request: ModifySettingRequest;
  /** Path of the image at each LUN; kept up to date. */
  readonly disks: Map<string, string>;
  readonly grants: FileGrants;
}

type Modify = (request: ModifySettingRequest) => Promise<Outcome>;

/**
 * A change of a running system. An image that is added is granted to the machine first; one that is removed is taken
 * back. Any other change goes to HCS as it is. Raises what the HRESULT means.
 */
export async function modifyScsi({ request, disks, grants }: ScsiChange, modify: Modify): Promise<void> {
  const lun = attachmentPath.exec(request.ResourcePath)?.[1];
  const image = lun === undefined ? undefined : imageOf(request);
  if (image) await grants.grant({ path: image.Path, readOnly: image.ReadOnly ?? false });
  try {
    documentOf("HcsModifyComputeSystem", await whileInUse(() => modify(request)));
  } catch (error) {
    if (image) await grants.revoke(image.Path);
    throw error;
  }
  if (lun === undefined) return;
  const before = disks.get(lun);
  if (image) disks.set(lun, image.Path);
  else if (request.RequestType === "Remove" && before !== undefined) {
    disks.delete(lun);
    await grants.revoke(before);
  }
}

/** The image that a request adds. */
function imageOf({ RequestType, Settings }: ModifySettingRequest): Attachment | undefined {
  // Of an attachment's path an Add has an Attachment; HCS checks the whole of it.
  const attachment = Settings as Partial<Attachment> | undefined;
  return RequestType === "Add" && typeof attachment?.Path === "string"
    ? (attachment as Attachment)
    : undefined;
}

/** A machine that is just ending may hold its images for a moment. */
async function whileInUse(call: () => Promise<Outcome>): Promise<Outcome> {
  const until = Date.now() + timeouts.diskInUse;
  for (;;) {
    const outcome = await call();
    if (!failedWith(outcome, IN_USE) || Date.now() > until) return outcome;
    await sleep(RETRY_MS);
  }
}
