import { describe, expect, test } from "vitest";
import { addDisk, diskAttachment, removeDisk, restoredFrom, savable } from "../../../src/vm/document.ts";
import { exitStatus } from "../../../src/vm/qemu/exit-status.ts";
import { hvSocketServiceId } from "../../../src/vm/hv-socket.ts";
import { hcsProblems } from "../../support/hcs-schema.ts";
import { sampleDocument } from "../../support/sample-machine.ts";

describe("the compute system document", () => {
  test.each([
    ["whole", sampleDocument()],
    ["without store and network", sampleDocument({ store: undefined, adapter: undefined })],
    ["that can be saved", savable(sampleDocument(), "/state/vm.vmrs")],
    ["that goes on", restoredFrom(sampleDocument(), "/state/vm.vmrs")],
  ])("%s is valid against HCS's schema", (_, document) => {
    expect(hcsProblems("ComputeSystem", document)).toEqual([]);
  });

  test("the schema refuses what it does not know, at any depth", () => {
    const document = sampleDocument();
    expect(hcsProblems("ComputeSystem", { ...document, Colour: "red" }).join()).toContain("Colour");
    const { Chipset } = document.VirtualMachine;
    const wrongCase = { ...document.VirtualMachine, Chipset: { ...Chipset, useUtc: true } };
    expect(hcsProblems("ComputeSystem", { ...document, VirtualMachine: wrongCase }).join()).toContain(
      "useUtc",
    );
  });

  test("has the system image read-only at LUN 0 and the store at LUN 1", () => {
    const disks = sampleDocument().VirtualMachine.Devices.Scsi?.["0"]?.Attachments;
    expect(disks?.["0"]).toMatchObject({ Path: "/images/system.erofs", ReadOnly: true });
    expect(disks?.["1"]).toMatchObject({ Path: "/state/store.img", ReadOnly: false });
  });

  test("rounds memory down to what HCS takes, and tells the kernel its processors", () => {
    const { ComputeTopology, Chipset } = sampleDocument().VirtualMachine;
    expect(ComputeTopology.Memory.SizeInMB).toBe(2048);
    expect(Chipset.LinuxKernelDirect.KernelCmdLine.split(" ")).toEqual(
      expect.arrayContaining([
        "panic=-1",
        "nr_cpus=4",
        "console=ttyS0,115200",
        "hv_utils.timesync_implicit=1",
      ]),
    );
  });

  test("says nothing of QEMU", () => {
    expect(JSON.stringify(sampleDocument())).not.toMatch(/tsc|no_timer_check|virtio|qemu/i);
  });

  test("lists the agent's service by its HvSocket GUID", () => {
    const services = sampleDocument().VirtualMachine.Devices.HvSocket?.HvSocketConfig.ServiceTable;
    expect(Object.keys(services ?? {})).toEqual(["00007473-facb-11e6-bd58-64006a7986d3"]);
    // Port 50000 as in Microsoft's documentation of the template.
    expect(hvSocketServiceId(50000)).toBe("0000c350-facb-11e6-bd58-64006a7986d3");
  });
});

describe("modify requests", () => {
  const add = addDisk(2, diskAttachment("/state/more.img", { readOnly: false }));

  test("are valid against HCS's schema", () => {
    expect(hcsProblems("ModifySettingRequest", add)).toEqual([]);
    expect(hcsProblems("ModifySettingRequest", removeDisk(2))).toEqual([]);
  });

  test("the schema looks into their settings", () => {
    const settings = { ...diskAttachment("/state/more.img", { readOnly: false }), Colour: "red" };
    expect(hcsProblems("ModifySettingRequest", { ...add, Settings: settings }).join()).toContain("Colour");
  });
});

describe("exit statuses", () => {
  test.each(["guest-shutdown", "guest-reset", "guest-panic", "host-qmp-quit", undefined])(
    "for %s are valid",
    (reason) => {
      for (const terminated of [true, false]) {
        const status = exitStatus({ shutdownReason: reason, terminated, duringStart: !terminated });
        expect(hcsProblems("SystemExitStatus", status)).toEqual([]);
      }
    },
  );
});
