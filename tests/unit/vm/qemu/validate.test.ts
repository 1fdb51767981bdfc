import { describe, expect, test } from "vitest";
import type { ComputeSystemDocument } from "../../../../src/vm/hcs-types.ts";
import { validateAttachment, validateDocument, validateId } from "../../../../src/vm/qemu/validate.ts";
import { sampleDocument } from "../../../support/sample-machine.ts";

/** The sample with one value put at a dotted path. */
function changed(path: string, value: unknown): ComputeSystemDocument {
  const copy = structuredClone(sampleDocument());
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  // Every step but the last is an object of the sample.
  const parent = keys.reduce<Record<string, unknown>>((node, key) => node[key] as Record<string, unknown>, {
    ...copy,
  });
  // `{...copy}` is shallow: nested objects are the copy's own.
  if (keys.length === 0) return { ...copy, [last]: value };
  parent[last] = value;
  return copy;
}

describe("validateDocument", () => {
  test("takes what we write, as it is", () => {
    expect(validateDocument(sampleDocument())).toEqual(sampleDocument());
    expect(validateDocument(sampleDocument({ adapter: undefined, store: undefined }))).toBeDefined();
  });

  test.each<[string, unknown]>([
    ["HostedSystem", {}],
    ["SchemaVersion.Major", 1],
    ["ShouldTerminateOnLastHandleClosed", false],
    ["VirtualMachine.StopOnReset", false],
    ["VirtualMachine.GuestConnection", {}],
    ["VirtualMachine.Chipset.Uefi", {}],
    ["VirtualMachine.Chipset.LinuxKernelDirect.KernelFilePath", "vmlinux"],
    ["VirtualMachine.Chipset.LinuxKernelDirect.KernelFilePath", "/boot/vm\0linux"],
    ["VirtualMachine.Chipset.LinuxKernelDirect.KernelCmdLine", 7],
    ["VirtualMachine.ComputeTopology.Memory.SizeInMB", 1023],
    ["VirtualMachine.ComputeTopology.Memory.SizeInMB", 0],
    ["VirtualMachine.ComputeTopology.Memory.EnableHotHint", true],
    ["VirtualMachine.ComputeTopology.Processor.Count", 0],
    ["VirtualMachine.ComputeTopology.Processor.Limit", 50000],
    ["VirtualMachine.Devices.Plan9", {}],
    ["VirtualMachine.Devices.Scsi.1", { Attachments: {} }],
    ["VirtualMachine.Devices.Scsi.0.Attachments.64", { Type: "VirtualDisk", Path: "/a" }],
    ["VirtualMachine.Devices.Scsi.0.Attachments.2", { Type: "PassThru", Path: "/dev/sdb" }],
    ["VirtualMachine.Devices.ComPorts.1", { NamedPipe: "/run/b" }],
    ["VirtualMachine.Devices.ComPorts.0.NamedPipe", "console.sock"],
    ["VirtualMachine.Devices.HvSocket.HvSocketConfig.ServiceTable.agent", {}],
  ])("refuses %s = %j and names it", (path, value) => {
    let caught: unknown;
    try {
      validateDocument(changed(path, value));
    } catch (error) {
      caught = error;
    }
    expect(caught).toMatchObject({ code: "invalid-argument" });
    // A wrong key in a map is reported at the key, a wrong value inside at the value.
    expect(String(caught)).toContain(path);
  });

  test("deferred commit needs overcommit, as on HCS", () => {
    expect(() =>
      validateDocument(changed("VirtualMachine.ComputeTopology.Memory.AllowOvercommit", false)),
    ).toThrow(/AllowOvercommit/);
  });
});

test("an attachment with an unknown property is refused", () => {
  expect(validateAttachment({ Type: "VirtualDisk", Path: "/a" })).toEqual({
    Type: "VirtualDisk",
    Path: "/a",
  });
  expect(() => validateAttachment({ Type: "VirtualDisk", Path: "/a", CachingMode: "Cached" })).toThrow(
    /CachingMode/,
  );
  expect(() => validateAttachment(undefined)).toThrow(expect.objectContaining({ code: "invalid-argument" }));
});

test("an id must be a GUID", () => {
  expect(validateId("6F0F7F2C-1c3c-4d53-9a3b-0d5f4b1b7a10")).toBe("6F0F7F2C-1c3c-4d53-9a3b-0d5f4b1b7a10");
  expect(() => validateId("my-vm")).toThrow(expect.objectContaining({ code: "invalid-argument" }));
});
