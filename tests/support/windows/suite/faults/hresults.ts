import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { formatHresult, hresultMeanings } from "../../../../../src/vm/hcs/hresult.ts";
import {
  boot,
  create,
  endpoint,
  inject,
  machine,
  natNetwork,
  network,
  service,
  signal,
  systemImage,
} from "./bench.ts";

export function testHresults(): void {
  describe("faults: HRESULTs", () => {
    const meanings = Object.entries(hresultMeanings).map(([text, meaning]) => ({
      hresult: Number(text),
      ...meaning,
    }));
    const ofNetwork = ({ hresult }: { hresult: number }) => hresult >>> 16 === 0x803b;
    const named = (hresult: number, name: string | undefined) => `${formatHresult(hresult)} ${name ?? ""}`;

    for (const { hresult, name, code, meaning, remedy } of meanings.filter((entry) => !ofNetwork(entry))) {
      test(`HCS refuses a machine with ${named(hresult, name)}`, async () => {
        await inject({ call: "HcsCreateComputeSystem", hresult, message: "injected by the test" });
        const error: unknown = await service
          .create(randomUUID(), machine(), signal)
          .catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({
          name: "TswslError",
          code,
          hint: remedy,
          details: { hresult: formatHresult(hresult), call: "HcsCreateComputeSystem" },
        });
        expect(String(error)).toContain(meaning);
        expect(String(error)).toContain("injected by the test");
      });
    }

    for (const { hresult, name, code, meaning } of meanings.filter(ofNetwork)) {
      // An existing network is opened; that has a test of its own.
      const call = hresult === 0x803b0010 ? "HcnCreateEndpoint" : "HcnCreateNetwork";
      test(`HCN refuses with ${named(hresult, name)}`, async () => {
        await inject({ call, hresult, message: "injected by the test" });
        const id = randomUUID();
        const attempt = async () => {
          await network.ensureNetwork(id, natNetwork, signal);
          await network.createEndpoint(id, randomUUID(), endpoint(id), signal);
        };
        const error: unknown = await attempt().catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({
          name: "TswslError",
          code,
          details: { hresult: formatHresult(hresult), call },
        });
        expect(String(error)).toContain(meaning);
        expect(String(error)).toContain("injected by the test");
      });
    }

    test("a call that is refused at once says why as well", async () => {
      await inject({ call: "HcsCreateComputeSystem", hresult: 0x80370114, refused: true });
      await expect(create()).rejects.toMatchObject({
        code: "unavailable",
        details: { hresult: "0x80370114" },
      });
    });

    test("an HRESULT that nobody has heard of keeps its number", async () => {
      await inject({ call: "HcsCreateComputeSystem", hresult: 0x8037fedc });
      await expect(create()).rejects.toMatchObject({
        code: "unavailable",
        hint: expect.stringContaining("0x8037FEDC"),
      });
    });

    test("an HRESULT from HCS's NT side is the same one", async () => {
      const system = await create();
      await system.start(signal);
      await inject({ call: "HcsTerminateComputeSystem", hresult: 0xc0370110 });
      await system.terminate(signal);
      expect((await system.properties(signal)).State).toBe("Stopped");
    });

    test("a disk that is in use for a moment is tried again", async () => {
      const { system, guest } = await boot();
      await inject({ call: "HcsModifyComputeSystem", hresult: 0x80070020, times: 3 });
      const request = { Type: "VirtualDisk", Path: systemImage, ReadOnly: true };
      const path = "VirtualMachine/Devices/Scsi/0/Attachments/4";
      await system.modify({ ResourcePath: path, RequestType: "Add", Settings: request }, signal);
      await guest.ask("disk 4");
      expect(await guest.ask("read 4")).toBe("the system");
    });

    test("a writable disk that is not ours to grant is refused, a readable one is left as it is", async () => {
      await inject({ call: "HcsGrantVmAccess", hresult: 0x80070005, times: 1 });
      // The kernel was not granted, so the service, strict as the stand-in is, refuses to open it.
      await expect(create()).rejects.toMatchObject({ details: { call: "HcsCreateComputeSystem" } });
      const { system } = await boot();
      await inject({ call: "HcsGrantVmAccess", hresult: 0x80070005, times: 1 });
      const request = { Type: "VirtualDisk", Path: systemImage };
      const path = "VirtualMachine/Devices/Scsi/0/Attachments/4";
      const add = { ResourcePath: path, RequestType: "Add", Settings: request } as const;
      await expect(system.modify(add, signal)).rejects.toMatchObject({
        code: "permission",
        details: { call: "HcsGrantVmAccess" },
      });
    });
  });
}
