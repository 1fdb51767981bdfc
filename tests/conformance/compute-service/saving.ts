import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ComputeSystem } from "../../../src/vm/compute-service.ts";
import {
  addDisk,
  diskAttachment,
  restoredFrom,
  savable,
  type UtilityVmSpec,
} from "../../../src/vm/document.ts";
import type { ComputeSystemDocument } from "../../../src/vm/hcs-types.ts";
import { GuestClient } from "../../support/guest-client.ts";
import { MIB, PORT, signal, type Bench } from "./bench.ts";

export function testSaving(bench: () => Bench): void {
  /** A machine that is saved before anybody has talked to its guest. */
  async function save(): Promise<{ file: string; document: ComputeSystemDocument; system: ComputeSystem }> {
    const document = await bench().document();
    const file = join(bench().directory, "saved.vmrs");
    await writeFile(file, "");
    const system = await bench().create(savable(document, file));
    await system.start(signal);
    await system.connect(PORT, signal);
    await system.pause(signal);
    expect((await system.properties(signal)).State).toBe("Paused");
    await system.save({ SaveType: "ToFile", SaveStateFilePath: file }, signal);
    return { file, document, system };
  }

  const restore = async (document: ComputeSystemDocument, file: string) => {
    const system = await bench().create(restoredFrom(document, file));
    await system.start(signal);
    return { system, guest: new GuestClient(await system.connect(PORT, signal)) };
  };

  test("a saved machine goes on, again and again, each on its own", async () => {
    const { file, document, system } = await save();
    await system.terminate(signal);
    for (let round = 0; round < 3; round++) {
      const [first, second] = [await restore(document, file), await restore(document, file)];
      expect(await first.guest.ask(`ping ${round}`)).toBe(`pong ${round}`);
      await first.system.terminate(signal);
      expect(await second.guest.ask("ping 2")).toBe("pong 2");
      second.guest.tell("poweroff");
      expect((await second.system.exited).ExitType).toBe("GracefulExit");
    }
  });

  test("a disk can be added to a machine that went on", async () => {
    const { file, document, system } = await save();
    await system.terminate(signal);
    const { system: restored, guest } = await restore(document, file);
    const image = await bench().image("added");
    await restored.modify(addDisk(1, diskAttachment(image, { readOnly: true })), signal);
    expect(await guest.ask("disk 1")).toBe(`${MIB} ro`);
  });

  test("only a paused machine is saved, and only to its own file", async () => {
    const { system } = await bench().boot();
    const elsewhere = { SaveType: "ToFile", SaveStateFilePath: "/nowhere" } as const;
    await expect(system.save(elsewhere, signal)).rejects.toMatchObject({ code: "invalid-state" });
    await system.pause(signal);
    await expect(system.save(elsewhere, signal)).rejects.toMatchObject({ code: "invalid-argument" });
    await expect(system.connect(PORT, signal)).rejects.toMatchObject({ code: "invalid-state" });
    await system.terminate(signal);
  });

  test("a damaged state is an error, and leaves nothing running", async () => {
    const { file, document, system } = await save();
    await system.terminate(signal);
    await writeFile(file, "no state at all");
    const restored = await bench().create(restoredFrom(document, file));
    await expect(restored.start(signal)).rejects.toMatchObject({ name: "TswslError" });
    await restored.exited;
    await expect(bench().create(restoredFrom(document, "/nowhere"))).rejects.toMatchObject({
      code: "not-found",
    });
  });

  test("a saved state's key changes with the machine and with its files, and with nothing else", async () => {
    const { service } = bench().harness;
    const systemImage = await bench().image("its-own.img");
    const keyOf = async (changes: Partial<UtilityVmSpec> = {}): Promise<string> =>
      service.savedStateKey(await bench().document({ systemImage, ...changes }), signal);
    const key = await keyOf();
    const file = await bench().image("saved.vmrs");
    const document = await bench().document({ systemImage });
    expect(await service.savedStateKey(savable(document, file), signal)).toBe(key);
    expect(await keyOf({ console: "" })).toBe(key);
    expect(await keyOf({ processors: 2 })).not.toBe(key);
    expect(await keyOf({ memoryMiB: 512 })).not.toBe(key);
    expect(await keyOf({ kernelArguments: ["more"] })).not.toBe(key);
    await writeFile(systemImage, "changed");
    expect(await keyOf()).not.toBe(key);
  });
}
