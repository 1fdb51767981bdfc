import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import { removeDisk } from "../../../src/vm/document.ts";
import { PORT, signal, type Bench } from "./bench.ts";

export function testCreation(bench: () => Bench): void {
  test("a created system is described and does not run", async () => {
    const id = randomUUID();
    const system = await bench().create(undefined, id);
    const properties = await system.properties(signal);
    expect(properties).toMatchObject({
      Id: id,
      RuntimeId: id,
      SystemType: "VirtualMachine",
      Owner: "tswsl",
      State: "Created",
    });
    await expect(system.connect(PORT, signal)).rejects.toMatchObject({ code: "invalid-state" });
    await expect(system.modify(removeDisk(0), signal)).rejects.toMatchObject({ code: "invalid-state" });
  });

  test("a document with an unknown property is refused by name", async () => {
    const document = await bench().document();
    const strange = { ...document, VirtualMachine: { ...document.VirtualMachine, Colour: "red" } };
    await expect(bench().create(strange)).rejects.toMatchObject({
      code: "invalid-argument",
      message: expect.stringContaining("Colour"),
    });
  });

  test("a document with a wrong type is refused", async () => {
    // What a caller in another language could send.
    const odd = await bench().document({ memoryMiB: "much" as unknown as number });
    await expect(bench().create(odd)).rejects.toMatchObject({ code: "invalid-argument" });
  });

  test.each(["kernel", "initrd", "systemImage", "store"] as const)(
    "a missing %s is not found",
    async (file) => {
      const document = await bench().document({ [file]: join(bench().directory, "missing") });
      await expect(bench().create(document)).rejects.toMatchObject({ code: "not-found" });
    },
  );

  test("a console that nobody has made is not found", async () => {
    const document = await bench().document({ console: join(bench().directory, "missing.sock") });
    await expect(bench().create(document)).rejects.toMatchObject({ code: "not-found" });
  });

  test("an endpoint that does not exist is not found", async () => {
    const adapter = { EndpointId: randomUUID(), MacAddress: "00-15-5D-01-02-03" };
    const document = await bench().document({ adapter });
    await expect(bench().create(document)).rejects.toMatchObject({ code: "not-found" });
  });

  test("an id is in use from creation to close, and free after a failed creation", async () => {
    const id = randomUUID();
    const broken = await bench().document({ kernel: join(bench().directory, "missing") });
    await expect(bench().create(broken, id)).rejects.toMatchObject({ code: "not-found" });
    const system = await bench().create(undefined, id);
    await expect(bench().create(undefined, id.toUpperCase())).rejects.toMatchObject({ code: "exists" });
    await system.close();
    await bench().create(undefined, id);
  });

  test("a caller that has given up gets nothing", async () => {
    const gone = AbortSignal.abort();
    const create = bench().harness.service.create(randomUUID(), await bench().document(), gone);
    await expect(create).rejects.toMatchObject({ code: "cancelled" });
  });
}
