import { expect, test } from "vitest";
import type { ComputeSystem } from "../../../src/vm/compute-service.ts";
import type { SystemExitStatus } from "../../../src/vm/hcs-types.ts";
import { hcsProblems } from "../../support/hcs-schema.ts";
import { PORT, signal, type Bench, type Supports } from "./bench.ts";

export function testLife(bench: () => Bench, supports: Supports): void {
  const stateOf = async (system: ComputeSystem) => (await system.properties(signal)).State;
  const workerExit = (status: SystemExitStatus) => status.Attribution?.map((record) => record.WorkerExit)[0];

  test("a guest that powers off exits gracefully, and the system is over", async () => {
    const { system, guest } = await bench().boot();
    expect(await stateOf(system)).toBe("Running");
    await expect(system.start(signal)).rejects.toMatchObject({ code: "invalid-state" });
    guest.tell("poweroff");
    const status = await system.exited;
    expect(status).toMatchObject({ Status: 0, ExitType: "GracefulExit" });
    expect(hcsProblems("SystemExitStatus", status)).toEqual([]);
    expect(await system.properties(signal)).toMatchObject({ State: "Stopped", ExitType: "GracefulExit" });
    await expect(system.start(signal)).rejects.toMatchObject({ code: "invalid-state" });
    await expect(system.connect(PORT, signal)).rejects.toMatchObject({ code: "invalid-state" });
    await guest.closed();
  });

  test("a guest that resets has stopped on reset", async () => {
    const { system, guest } = await bench().boot();
    guest.tell("reboot");
    expect(workerExit(await system.exited)).toMatchObject({ Type: "StoppedOnReset" });
    expect(await stateOf(system)).toBe("Stopped");
  });

  test("a kernel that panics resets, and says why on the console", async () => {
    const { system, guest } = await bench().boot();
    guest.tell("crash");
    expect((await system.exited).ExitType).not.toBe("ForcedExit");
    await bench().console.waitFor("Kernel panic");
  });

  test("terminate forces the exit, however often and by however many it is asked", async () => {
    const { system, guest } = await bench().boot();
    await Promise.all([system.terminate(signal), system.terminate(signal)]);
    await system.terminate(signal);
    const status = await system.exited;
    expect(status.ExitType).toBe("ForcedExit");
    expect(workerExit(status)).toMatchObject({ Initiator: "Client" });
    expect(await stateOf(system)).toBe("Stopped");
    await guest.closed();
  });

  test("terminate before start is the end as well", async () => {
    const system = await bench().create();
    await system.terminate(signal);
    expect((await system.exited).ExitType).toBe("ForcedExit");
    await expect(system.start(signal)).rejects.toMatchObject({ code: "invalid-state" });
  });

  test("terminate during start leaves nothing running", async () => {
    const system = await bench().create();
    const started = system.start(signal);
    const [start, terminated] = await Promise.allSettled([started, system.terminate(signal)]);
    expect(terminated.status).toBe("fulfilled");
    // Whichever came first, the machine is over and start has answered.
    expect(["fulfilled", "rejected"]).toContain(start.status);
    expect((await system.exited).ExitType).toBe("ForcedExit");
  });

  test("a start that is cancelled leaves nothing running", async () => {
    const system = await bench().create();
    const caller = new AbortController();
    const started = system.start(caller.signal);
    caller.abort();
    await expect(started).rejects.toMatchObject({ code: "cancelled" });
    await system.exited;
    expect(await stateOf(system)).toBe("Stopped");
  });

  test("close ends a running machine, once", async () => {
    const { system, guest } = await bench().boot();
    await Promise.all([system.close(), system.close()]);
    expect((await system.exited).ExitType).toBe("ForcedExit");
    await guest.closed();
    await expect(system.properties(signal)).rejects.toMatchObject({ code: "invalid-state" });
    await expect(system.terminate(signal)).rejects.toMatchObject({ code: "invalid-state" });
  });

  test.skipIf(!supports.kill)("a machine that is killed has exited unexpectedly", async () => {
    const { system, guest } = await bench().boot();
    await bench().harness.kill?.(system.id);
    const status = await system.exited;
    expect(status.ExitType).toBe("UnexpectedExit");
    expect(status.Status).toBeLessThan(0);
    await guest.closed();
    await system.terminate(signal);
  });

  test("machines live side by side", async () => {
    const [first, second] = await Promise.all([bench().boot(), bench().boot()]);
    await first.system.terminate(signal);
    expect(await second.guest.ask("ping 2")).toBe("pong 2");
  });
}
