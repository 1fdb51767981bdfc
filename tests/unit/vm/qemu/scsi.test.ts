import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addDisk, diskAttachment, removeDisk } from "../../../../src/vm/document.ts";
import { parseAttachmentPath, ScsiController } from "../../../../src/vm/qemu/scsi.ts";
import { FakeQmp, type QmpCommand, type QmpScript } from "../../../support/fake-qmp.ts";

const { signal } = new AbortController();
let directory = "";
let image = "";

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "tswsl-scsi-"));
  image = join(directory, "disk.img");
  await writeFile(image, "");
});

afterAll(() => rm(directory, { recursive: true }));

/** A QEMU whose guest lets go of a disk at once. */
const willing: QmpScript = ({ execute, arguments: { id } }) =>
  execute === "device_del"
    ? [{ return: {} }, { event: "DEVICE_DELETED", data: { device: id } }]
    : [{ return: {} }];

function refusing(command: string, desc: string): QmpScript {
  return (sent: QmpCommand) =>
    sent.execute === command ? [{ error: { class: "GenericError", desc } }] : willing(sent);
}

function controller(script: QmpScript): { qemu: FakeQmp; scsi: ScsiController; names: () => string[] } {
  const qemu = new FakeQmp(script);
  return {
    qemu,
    scsi: new ScsiController(qemu.client, [0]),
    names: () => qemu.commands.map(({ execute }) => execute),
  };
}

const disk = (lun: number) => addDisk(lun, diskAttachment(image, { readOnly: false }));

describe("hot-adding a disk", () => {
  test("adds the node, then the device", async () => {
    const { qemu, scsi, names } = controller(willing);
    await scsi.modify(disk(3), signal);
    expect(names()).toEqual(["blockdev-add", "device_add"]);
    expect(qemu.commands[0]?.arguments).toMatchObject({ "node-name": "disk-3", file: { filename: image } });
    expect(qemu.commands[1]?.arguments).toMatchObject({ driver: "scsi-hd", lun: 3, drive: "disk-3" });
  });

  test("to an occupied LUN is refused, also while it is being occupied", async () => {
    const { scsi, names } = controller(willing);
    await expect(scsi.modify(disk(0), signal)).rejects.toMatchObject({ code: "invalid-argument" });
    const results = await Promise.allSettled([scsi.modify(disk(3), signal), scsi.modify(disk(3), signal)]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(names()).toEqual(["blockdev-add", "device_add"]);
  });

  test("takes the node back when there is no device, and leaves the LUN free", async () => {
    const { scsi, names } = controller(refusing("device_add", "no room"));
    await expect(scsi.modify(disk(3), signal)).rejects.toMatchObject({ code: "invalid-argument" });
    expect(names()).toEqual(["blockdev-add", "device_add", "blockdev-del"]);
    await expect(scsi.modify(removeDisk(3), signal)).rejects.toMatchObject({ code: "not-found" });
  });

  test.each(["blockdev-add", "device_add"])(
    "an image that somebody else writes is said to be in use (%s)",
    async (command) => {
      const { scsi } = controller(refusing(command, 'Failed to get "write" lock'));
      await expect(scsi.modify(disk(3), signal)).rejects.toMatchObject({ code: "unavailable" });
    },
  );

  test("a missing image is found before QEMU is asked", async () => {
    const { scsi, names } = controller(willing);
    const missing = addDisk(3, diskAttachment(join(directory, "none"), { readOnly: true }));
    await expect(scsi.modify(missing, signal)).rejects.toMatchObject({ code: "not-found" });
    expect(names()).toEqual([]);
  });

  test("goes on when the caller gives up: the LUN is taken", async () => {
    const { qemu, scsi } = controller(() => []);
    const caller = new AbortController();
    const added = scsi.modify(disk(3), caller.signal);
    caller.abort();
    await expect(added).rejects.toMatchObject({ code: "cancelled" });
    await expect(scsi.modify(disk(3), signal)).rejects.toMatchObject({ code: "invalid-argument" });
    qemu.end();
  });
});

describe("removing a disk", () => {
  test("waits until the guest has let go, then frees the image and the LUN", async () => {
    const { scsi, names } = controller(willing);
    await scsi.modify(removeDisk(0), signal);
    expect(names()).toEqual(["device_del", "blockdev-del"]);
    await scsi.modify(disk(0), signal);
  });

  test("that is not there is not found", async () => {
    const { scsi } = controller(willing);
    await expect(scsi.modify(removeDisk(5), signal)).rejects.toMatchObject({ code: "not-found" });
  });

  test("that QEMU refuses leaves it attached", async () => {
    const { scsi } = controller(refusing("device_del", "busy"));
    await expect(scsi.modify(removeDisk(0), signal)).rejects.toMatchObject({ code: "internal" });
    await expect(scsi.modify(disk(0), signal)).rejects.toMatchObject({ code: "invalid-argument" });
  });
});

test("only the LUNs of controller 0 can be changed, and only added or removed", async () => {
  expect(parseAttachmentPath("VirtualMachine/Devices/Scsi/0/Attachments/63")).toBe(63);
  for (const path of [
    "VirtualMachine/Devices/Scsi/1/Attachments/0",
    "VirtualMachine/Devices/Scsi/0/Attachments/64",
    "x",
    "",
  ]) {
    expect(() => parseAttachmentPath(path)).toThrow(expect.objectContaining({ code: "invalid-argument" }));
  }
  const { scsi } = controller(willing);
  const update = { ...disk(0), RequestType: "Update" as const };
  await expect(scsi.modify(update, signal)).rejects.toMatchObject({ code: "invalid-argument" });
});
