import { statSync } from "node:fs";
import type { Attachment } from "../hcs-types.ts";

/** The one controller: virtio-scsi, which can add and remove disks where virtio-mmio itself cannot. */
export const SCSI_BUS_DEVICE = "scsi-0";

/** The id of a disk's device, and the name of its block node. */
export function diskName(lun: number): string {
  return `disk-${lun}`;
}

/**
 * The image behind a disk, for `-blockdev` and `blockdev-add`.
 *
 * Caching: the host's page cache in write-back mode, which is safe because the guest sees a disk with a volatile cache
 * and its flushes are fdatasync of the image (`no-flush` off). QEMU killed loses nothing that reached it; a host that
 * loses power keeps all that the guest had flushed. Images are locked by QEMU: many readers or one writer.
 */
export function blockdevOptions(lun: number, { Path, ReadOnly = false }: Attachment) {
  const common = { "read-only": ReadOnly, discard: "unmap", cache: { direct: false, "no-flush": false } };
  return {
    ...common,
    "node-name": diskName(lun),
    ...formatOptions(Path),
    // Zeroes written become holes, so that a wiped file gives its space back as a discarded one does.
    "detect-zeroes": ReadOnly ? "off" : "unmap",
    file: { ...common, driver: "file", filename: Path, locking: "auto" },
  };
}

/** The footer of a fixed VHD (Microsoft, "Virtual Hard Disk Image Format Specification"). */
const VHD_FOOTER_BYTES = 512;

/**
 * The format, by the name's ending as on HCS. A `.vhd` is taken for a fixed one, the only kind that we make: a raw image
 * and a footer, which is not the disk's. QEMU's own VHD driver would keep the machine from being saved. QEMU's VHDX
 * driver knows no discard: what the guest frees there stays in the file.
 */
function formatOptions(path: string) {
  if (/\.vhdx$/i.test(path)) return { driver: "vhdx" };
  if (/\.vhd$/i.test(path)) return { driver: "raw", size: statSync(path).size - VHD_FOOTER_BYTES };
  return { driver: "raw" };
}

/** The disk at `<host>:0:0:<lun>`, for `-device` and `device_add`. */
export function scsiDeviceOptions(lun: number) {
  return {
    driver: "scsi-hd",
    id: diskName(lun),
    bus: `${SCSI_BUS_DEVICE}.0`,
    channel: 0,
    "scsi-id": 0,
    lun,
    drive: diskName(lun),
    // A stable name in the guest that does not come from the host's path.
    serial: diskName(lun),
  };
}
