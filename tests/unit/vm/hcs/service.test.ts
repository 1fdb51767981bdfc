import { describe, expect, test } from "vitest";
import type { VmpModule } from "../../../../native/vmp/native.d.ts";
import { silentLogger } from "../../../../src/base/log.ts";
import { HcsComputeService } from "../../../../src/vm/hcs/service.ts";
import { FakeHcs } from "../../../support/fake-hcs.ts";
import { sampleDocument } from "../../../support/sample-machine.ts";

const { signal } = new AbortController();
const id = "0b1d3a52-6a3f-4c1e-9d0e-1d3a526a3f4c";
// Nothing is dialled here.
const vmp = {} as VmpModule;

function make() {
  const hcs = new FakeHcs();
  return { hcs, service: new HcsComputeService({ hcs: hcs.module, vmp, log: silentLogger() }) };
}

const exited = JSON.stringify({ Status: 0, ExitType: "GracefulExit" });

describe("create", () => {
  test("every file is granted before, and taken back with the system", async () => {
    const { hcs, service } = make();
    const system = await service.create(id, sampleDocument(), signal);
    const granted = hcs.calls.filter((call) => call.startsWith("grantVmAccess"));
    expect(granted.length).toBeGreaterThan(2);
    expect(hcs.calls.indexOf("createComputeSystem")).toBe(granted.length);
    hcs.listener(1, exited);
    await system.close();
    const revoked = hcs.calls.filter((call) => call.startsWith("revokeVmAccess"));
    expect(revoked.map((call) => call.replace("revoke", "grant")).toSorted()).toEqual(granted.toSorted());
    expect(hcs.calls.indexOf("system.close")).toBeLessThan(hcs.calls.indexOf(revoked[0] ?? ""));
  });

  test("a refused document takes back what was granted", async () => {
    const { hcs, service } = make();
    const document = JSON.stringify({ Error: -1, ErrorMessage: "Invalid JSON document: Colour" });
    hcs.answers.set("createComputeSystem", { hresult: 0x8037010d, document });
    await expect(service.create(id, sampleDocument(), signal)).rejects.toMatchObject({
      code: "invalid-argument",
      message: expect.stringContaining("Colour"),
    });
    const count = (name: string): number => hcs.calls.filter((call) => call.startsWith(name)).length;
    expect(count("revokeVmAccess")).toBe(count("grantVmAccess"));
  });

  test("an id that is no GUID is refused before HCS is asked", async () => {
    const { hcs, service } = make();
    await expect(service.create("ubuntu", sampleDocument(), signal)).rejects.toMatchObject({
      code: "invalid-argument",
    });
    expect(hcs.calls).toEqual([]);
  });
});

describe("the end", () => {
  test("is what the event says, once", async () => {
    const { hcs, service } = make();
    const system = await service.create(id, sampleDocument(), signal);
    await system.start(signal);
    hcs.listener(1, exited);
    hcs.listener(0x02000000, null);
    expect(await system.exited).toMatchObject({ ExitType: "GracefulExit" });
    await expect(system.start(signal)).rejects.toMatchObject({ code: "invalid-state" });
    await system.terminate(signal);
    expect(hcs.calls).not.toContain("system.terminate");
  });

  test.each(["{", "null", '{"ExitType":"Tuesday"}', null])(
    "an event that says %s is an end too",
    async (data) => {
      const { hcs, service } = make();
      const system = await service.create(id, sampleDocument(), signal);
      hcs.listener(1, data);
      expect((await system.exited).ExitType).toBe("Unknown");
    },
  );

  test("HCS's own end is the machine's", async () => {
    const { hcs, service } = make();
    const system = await service.create(id, sampleDocument(), signal);
    await system.start(signal);
    hcs.listener(0x02000000, null);
    expect(await system.exited).toEqual({ Status: 0x8037011e | 0, ExitType: "UnexpectedExit" });
  });

  test.each([0x80370110, 0x8037010e, 0xc0370110])("0x%s is an end that terminate wanted", async (hresult) => {
    const { hcs, service } = make();
    const system = await service.create(id, sampleDocument(), signal);
    await system.start(signal);
    hcs.answers.set("system.terminate", { hresult, document: null });
    const terminated = system.terminate(signal);
    hcs.listener(1, exited);
    await expect(terminated).resolves.toBeUndefined();
  });

  test("a start that fails terminates, and says why", async () => {
    const { hcs, service } = make();
    const system = await service.create(id, sampleDocument(), signal);
    hcs.answers.set("system.start", { hresult: 0x80370102, document: null });
    const started = system.start(signal);
    started.catch(() => {});
    queueMicrotask(() => setImmediate(() => hcs.listener(1, exited)));
    await expect(started).rejects.toMatchObject({ code: "unavailable", details: { hresult: "0x80370102" } });
    expect(hcs.calls).toContain("system.terminate");
  });
});

describe("disks", () => {
  const path = "VirtualMachine/Devices/Scsi/0/Attachments/5";
  const add = {
    ResourcePath: path,
    RequestType: "Add",
    Settings: { Type: "VirtualDisk", Path: "C:\\more.vhdx" },
  } as const;

  test("an added image is granted, a removed one taken back", async () => {
    const { hcs, service } = make();
    const system = await service.create(id, sampleDocument(), signal);
    await system.start(signal);
    hcs.calls.length = 0;
    await system.modify(add, signal);
    await system.modify({ ResourcePath: path, RequestType: "Remove" }, signal);
    expect(hcs.calls).toEqual([
      "grantVmAccess C:\\more.vhdx",
      "system.modify",
      "system.modify",
      "revokeVmAccess C:\\more.vhdx",
    ]);
  });

  test("one that HCS refuses is taken back", async () => {
    const { hcs, service } = make();
    const system = await service.create(id, sampleDocument(), signal);
    await system.start(signal);
    hcs.answers.set("system.modify", { hresult: 0x80070057, document: null });
    await expect(system.modify(add, signal)).rejects.toMatchObject({ name: "TswslError" });
    expect(hcs.calls).toContain("revokeVmAccess C:\\more.vhdx");
  });
});
