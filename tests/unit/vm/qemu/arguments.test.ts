import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { UtilityVmSpec } from "../../../../src/vm/document.ts";
import { qemuArguments } from "../../../../src/vm/qemu/arguments.ts";
import { pipeChannels, serviceIds } from "../../../../src/vm/qemu/channels.ts";
import type { Accelerator } from "../../../../src/vm/qemu/machine.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";
import { sampleAdapter, sampleDocument } from "../../../support/sample-machine.ts";

const tcg: Accelerator = { name: "tcg", tscKhz: 2_596_096 };
const backend = { net: "172.31.240.0/20", host: "172.31.240.1", dns: "172.31.240.3", ipv6: "off" };

function args(changes: Partial<UtilityVmSpec> = {}, accelerator: Accelerator = tcg): readonly string[] {
  const networks = new Map([[sampleAdapter.EndpointId, backend]]);
  return qemuArguments({ document: sampleDocument(changes), accelerator, networks });
}

/** Every value given with `-name`. */
function values(list: readonly string[], name: string): string[] {
  return list.flatMap((word, index) => (word === `-${name}` ? [list[index + 1] ?? ""] : []));
}

function devices(list: readonly string[]): Record<string, unknown>[] {
  // qemuArguments writes devices as JSON objects.
  return values(list, "device").map((text) => JSON.parse(text) as Record<string, unknown>);
}

describe("QEMU's command line", () => {
  test.each<[string, string]>([
    ["M", "microvm"],
    ["accel", "tcg,thread=multi,tb-size=256"],
    ["cpu", "max,-la57,-erms,-fsrm"],
    ["m", "2048M"],
    ["smp", "4"],
    ["kernel", "/boot/vmlinux"],
    ["initrd", "/boot/initrd.img"],
    ["serial", "chardev:console"],
    ["netdev", "user,id=net-0,net=172.31.240.0/20,host=172.31.240.1,dns=172.31.240.3,ipv6=off"],
  ])("-%s %s comes from the document", (name, value) => {
    expect(values(args(), name)).toEqual([value]);
  });

  test.each(["-nodefaults", "-no-user-config", "-no-reboot", "-S"])("has %s", (flag) => {
    expect(args()).toContain(flag);
  });

  test("hardware virtualisation takes the host's processor and no word about its clock", () => {
    const list = args({}, { name: "kvm" });
    expect([values(list, "accel"), values(list, "cpu")]).toEqual([["kvm"], ["host"]]);
    expect(values(list, "append").join()).not.toContain("tsc");
  });

  test("emulation tells the kernel the frequency, before the document's words", () => {
    const words = (values(args({ kernelArguments: ["--", "init-word"] }), "append")[0] ?? "").split(" ");
    expect(words).toEqual(
      expect.arrayContaining(["tsc=reliable", "no_timer_check", "tsc_early_khz=2596096", "reboot=t"]),
    );
    expect(words.indexOf("tsc_early_khz=2596096")).toBeLessThan(words.indexOf("panic=-1"));
    expect(words.slice(-2)).toEqual(["--", "init-word"]);
  });

  test("disks are locked images that obey flushes, at their LUN", () => {
    // As above: written as JSON by qemuArguments.
    const nodes = values(args(), "blockdev").map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(nodes).toMatchObject([
      { "node-name": "disk-0", driver: "raw", "read-only": true, "detect-zeroes": "off" },
      {
        "node-name": "disk-1",
        driver: "raw",
        "read-only": false,
        discard: "unmap",
        "detect-zeroes": "unmap",
        cache: { direct: false, "no-flush": false },
        file: { driver: "file", filename: "/state/store.img", locking: "auto", discard: "unmap" },
      },
    ]);
    const disks = devices(args()).filter(({ driver }) => driver === "scsi-hd");
    expect(disks).toMatchObject([
      { lun: 0, "scsi-id": 0, drive: "disk-0", bus: "scsi-0.0" },
      { lun: 1, "scsi-id": 0, drive: "disk-1", bus: "scsi-0.0" },
    ]);
  });

  test("a VHDX is read as one", () => {
    expect(values(args({ store: "/state/Store.VHDX" }), "blockdev")[1]).toContain('"driver":"vhdx"');
  });

  test("a fixed VHD is a raw image without its footer", async () => {
    const store = join(await temporaryDirectory(), "disk.VHD");
    await writeFile(store, Buffer.alloc(4096 + 512));
    const disk: unknown = JSON.parse(values(args({ store }), "blockdev")[1] ?? "");
    expect(disk).toMatchObject({ driver: "raw", size: 4096 });
  });

  test("a comma in a path is not a new option", () => {
    expect(values(args({ console: "/run/a,b.sock" }), "chardev")).toContain(
      "socket,id=console,path=/run/a,,b.sock",
    );
    expect(values(args({ store: "/state/a,server=on.img" }), "blockdev")[1]).toContain(
      '"filename":"/state/a,server=on.img"',
    );
  });

  test("each service is a port named by its GUID over its own descriptor", () => {
    const list = args({ ports: [0x7473, 50000] });
    const ids = serviceIds(sampleDocument({ ports: [0x7473, 50000] }).VirtualMachine.Devices);
    expect(values(list, "chardev")).toEqual(
      expect.arrayContaining(["socket,id=service-0,fd=3", "socket,id=service-1,fd=4"]),
    );
    const ports = devices(list).filter(({ driver }) => driver === "virtserialport");
    expect(ports.map(({ name, chardev }) => [name, chardev])).toEqual([
      [ids[0], "service-0"],
      [ids[1], "service-1"],
    ]);
  });

  test("the adapter has the endpoint's MAC address in QEMU's spelling", () => {
    expect(devices(args())).toContainEqual({
      driver: "virtio-net-device",
      netdev: "net-0",
      mac: "00:15:5d:0a:0b:0c",
    });
  });

  test("free pages are reported when the document says so", () => {
    expect(devices(args())).toContainEqual({ driver: "virtio-balloon-device", "free-page-reporting": true });
    const document = sampleDocument();
    const { ComputeTopology } = document.VirtualMachine;
    const Memory = { ...ComputeTopology.Memory, EnableColdDiscardHint: false };
    const plain = {
      ...document,
      VirtualMachine: { ...document.VirtualMachine, ComputeTopology: { ...ComputeTopology, Memory } },
    };
    const list = qemuArguments({ document: plain, accelerator: tcg, networks: new Map() });
    expect(devices(list).filter(({ driver }) => driver === "virtio-balloon-device")).toEqual([]);
  });

  test("what is not in the document is not in the machine", () => {
    const document = sampleDocument();
    const bare = { ...document, VirtualMachine: { ...document.VirtualMachine, Devices: {} } };
    const list = qemuArguments({ document: bare, accelerator: tcg, networks: new Map() });
    expect(values(list, "netdev")).toEqual([]);
    expect(values(list, "serial")).toEqual(["null"]);
    expect(devices(list).map(({ driver }) => driver)).toEqual(["virtio-balloon-device", "virtio-rng-device"]);
  });
});

describe("on Windows", () => {
  const store = "D:\\a, b\\store.img";
  const document = sampleDocument({
    kernel: "C:\\Program Files\\tswsl\\guest\\vmlinux",
    initrd: "C:\\Program Files\\tswsl\\guest\\initrd.img",
    store,
    console: "\\\\.\\pipe\\tswsl-console",
  });
  const list = qemuArguments({
    document,
    accelerator: { name: "whpx" },
    networks: new Map(),
    channels: pipeChannels(document.VirtualMachine.Devices, "0000"),
    platform: "win32",
  });

  test("WHPX takes a processor without nested virtualisation, and its interrupts come from QEMU", () => {
    expect([values(list, "accel"), values(list, "cpu")]).toEqual([
      ["whpx,kernel-irqchip=off"],
      ["max,-vmx,-svm"],
    ]);
  });

  test("paths stand as they are, with their blanks and drive letters", () => {
    expect(values(list, "kernel")).toEqual(["C:\\Program Files\\tswsl\\guest\\vmlinux"]);
    expect(values(list, "initrd")).toEqual(["C:\\Program Files\\tswsl\\guest\\initrd.img"]);
    // As above: written as JSON by qemuArguments.
    const nodes = values(list, "blockdev").map((text) => JSON.parse(text) as { file: { filename: string } });
    expect(nodes.map(({ file }) => file.filename)).toContain(store);
  });

  test("QEMU makes the pipes, in the order in which we connect: QMP, console, services", () => {
    expect(values(list, "chardev")).toEqual([
      "stdio,id=qmp,signal=off",
      "pipe,id=console,path=tswsl-qemu-0000-console",
      "pipe,id=service-0,path=tswsl-qemu-0000-0",
    ]);
    expect(values(list, "serial")).toEqual(["chardev:console"]);
    expect(devices(list).find(({ driver }) => driver === "virtserialport")).toMatchObject({
      chardev: "service-0",
      name: serviceIds(document.VirtualMachine.Devices)[0],
    });
  });

  test("no socket is inherited, none is in the file system, and no port is open", () => {
    expect(list.join(" ")).not.toMatch(/fd=|socket,|tcp:|host=127|port=/);
  });

  test("memory is not given back, which QEMU cannot do there", () => {
    expect(devices(list).map(({ driver }) => driver)).not.toContain("virtio-balloon-device");
    expect(devices(args()).map(({ driver }) => driver)).toContain("virtio-balloon-device");
  });
});
