import { open, rm, stat } from "node:fs/promises";
import { expect, test } from "vitest";
import { addDisk, diskAttachment, removeDisk } from "../../../src/vm/document.ts";
import { MIB, signal, type Bench } from "./bench.ts";

export function testDisks(bench: () => Bench): void {
  const writable = (path: string) => diskAttachment(path, { readOnly: false });

  test("those of the document are there, read-only where it says so", async () => {
    const store = await bench().image("store.img", "the store");
    const { guest } = await bench().boot(await bench().document({ store }));
    expect(await guest.ask("disk 0")).toBe(`${MIB} ro`);
    expect(await guest.ask("read 0")).toBe("system.img");
    expect(await guest.ask("disk 1")).toBe(`${MIB} rw`);
    expect(await guest.ask("write 1 from the guest")).toBe("written");
    // Flushed by the guest, so it is in the file now, with the machine still running.
    expect(await startOf(store, 14)).toBe("from the guest");
  });

  test("can be added and removed while the machine runs, again and again", async () => {
    const { system, guest } = await bench().boot();
    for (const round of ["one", "two"]) {
      const path = await bench().image(`${round}.img`);
      await system.modify(addDisk(5, writable(path)), signal);
      expect(await guest.ask("disk 5")).toBe(`${MIB} rw`);
      expect(await guest.ask("read 5")).toBe(`${round}.img`);
      expect(await guest.ask(`write 5 ${round}`)).toBe("written");
      await system.modify(removeDisk(5), signal);
      expect(await guest.ask("nodisk 5")).toBe("gone");
      expect(await startOf(path, 3)).toBe(round);
      // Nobody holds the image any more.
      await rm(path);
    }
  });

  test("of one bus can be added at the same time", async () => {
    const { system, guest } = await bench().boot();
    const luns = [2, 3, 4];
    const paths = await Promise.all(luns.map((lun) => bench().image(`lun${lun}`)));
    await Promise.all(
      luns.map((lun, index) => system.modify(addDisk(lun, writable(paths[index] ?? "")), signal)),
    );
    for (const lun of luns) {
      expect(await guest.ask(`disk ${lun}`)).toBe(`${MIB} rw`);
      expect(await guest.ask(`read ${lun}`)).toBe(`lun${lun}`);
    }
    await Promise.all(luns.map((lun) => system.modify(removeDisk(lun), signal)));
    for (const lun of luns) expect(await guest.ask(`nodisk ${lun}`)).toBe("gone");
  });

  test("wrong requests are refused and change nothing", async () => {
    const { system, guest } = await bench().boot();
    const path = await bench().image("more.img");
    const refusal = { code: expect.stringMatching(/^(invalid-argument|not-found)$/) };
    await expect(system.modify(addDisk(0, writable(path)), signal)).rejects.toMatchObject(refusal);
    await expect(system.modify(removeDisk(7), signal)).rejects.toMatchObject(refusal);
    await expect(system.modify(addDisk(64, writable(path)), signal)).rejects.toMatchObject(refusal);
    await expect(system.modify(addDisk(1, writable(`${path}.missing`)), signal)).rejects.toMatchObject({
      code: "not-found",
    });
    const unknown = { ResourcePath: "VirtualMachine/Devices/Colour", RequestType: "Add" as const };
    await expect(system.modify(unknown, signal)).rejects.toMatchObject(refusal);
    await system.modify(addDisk(1, writable(path)), signal);
    expect(await guest.ask("disk 1")).toBe(`${MIB} rw`);
    expect(await guest.ask("read 0")).toBe("system.img");
  });

  test("a read-only image serves several machines, a writable one only one", async () => {
    const store = await bench().image("store.img");
    const { guest } = await bench().boot(await bench().document({ store }));
    const second = await bench().boot();
    expect(await second.guest.ask("read 0")).toBe("system.img");
    await expect(second.system.modify(addDisk(1, writable(store)), signal)).rejects.toMatchObject({
      code: "unavailable",
    });
    expect(await guest.ask("read 1")).toBe("store.img");
  });

  test("what the guest flushed survives the machine's sudden end", async () => {
    const store = await bench().image("store.img");
    const { size } = await stat(store);
    const { system, guest } = await bench().boot(await bench().document({ store }));
    await guest.ask("disk 1");
    expect(await guest.ask("write 1 kept")).toBe("written");
    await system.terminate(signal);
    expect(await startOf(store, 4)).toBe("kept");
    expect((await stat(store)).size).toBe(size);
  });
}

async function startOf(path: string, length: number): Promise<string> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer.toString("utf8");
  } finally {
    await file.close();
  }
}
