import { describe, expect, test } from "vitest";
import { FakeQmp } from "../../../support/fake-qmp.ts";

const { signal } = new AbortController();

describe("the QMP client", () => {
  test("waits for the greeting, then leaves the negotiation", async () => {
    const qemu = new FakeQmp();
    const opened = qemu.client.open(signal);
    expect(qemu.commands).toEqual([]);
    qemu.say({ QMP: { version: {}, capabilities: [] } });
    await opened;
    expect(qemu.commands.map(({ execute }) => execute)).toEqual(["qmp_capabilities"]);
  });

  test("gives each of several overlapping commands its own answer", async () => {
    const qemu = new FakeQmp(() => []);
    const [first, second] = [qemu.client.execute("a", {}, signal), qemu.client.execute("b", {}, signal)];
    qemu.say({ return: "for b", id: 2 });
    qemu.say({ return: "for a", id: 1 });
    expect(await Promise.all([first, second])).toEqual(["for a", "for b"]);
  });

  test("turns QEMU's refusal into our error", async () => {
    const qemu = new FakeQmp(() => [{ error: { class: "GenericError", desc: "no such bus" } }]);
    await expect(qemu.client.execute("device_add", {}, signal)).rejects.toMatchObject({
      code: "internal",
      message: "QEMU refused: no such bus",
    });
  });

  test("rejects all that waits, and all that comes, when QEMU goes away", async () => {
    const qemu = new FakeQmp(() => []);
    const opened = qemu.client.open(signal);
    const command = qemu.client.execute("a", {}, signal);
    qemu.end();
    await expect(opened).rejects.toMatchObject({ code: "disconnected" });
    await expect(command).rejects.toMatchObject({ code: "disconnected" });
    await expect(qemu.client.execute("b", {}, signal)).rejects.toMatchObject({ code: "disconnected" });
    await qemu.client.ended;
  });

  test("what is not QMP ends the conversation", async () => {
    const qemu = new FakeQmp(() => []);
    const command = qemu.client.execute("a", {}, signal);
    qemu.sayRaw("Segmentation fault\n");
    await expect(command).rejects.toMatchObject({ code: "protocol" });
  });

  test("a caller that gives up is told at once, and the late answer hurts nobody", async () => {
    const qemu = new FakeQmp(() => []);
    const controller = new AbortController();
    const command = qemu.client.execute("slow", {}, controller.signal);
    controller.abort();
    await expect(command).rejects.toMatchObject({ code: "cancelled" });
    qemu.say({ return: "late", id: 1 });
    const next = qemu.client.execute("next", {}, signal);
    qemu.say({ return: "in time", id: 2 });
    expect(await next).toBe("in time");
  });

  test("hands events to listeners until they leave", async () => {
    const qemu = new FakeQmp();
    const heard: string[] = [];
    const stop = qemu.client.onEvent(({ name }) => heard.push(name));
    qemu.say({ event: "STOP" });
    await qemu.client.execute("sync", {}, signal);
    stop();
    qemu.say({ event: "RESUME" });
    await qemu.client.execute("sync", {}, signal);
    expect(heard).toEqual(["STOP"]);
  });
});
