import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { boot, create, inject, linux, machine, PORT, service, signal } from "./bench.ts";

export function testServiceDeath(): void {
  describe("faults: the service dies", () => {
    test("a running machine has ended, and the next one starts", async () => {
      const { system, guest } = await boot();
      await linux("crash");
      expect(await system.exited).toEqual({ Status: 0x8037011e | 0, ExitType: "UnexpectedExit" });
      await guest.closed();
      await expect(system.connect(PORT, signal)).rejects.toMatchObject({ code: "invalid-state" });
      await system.terminate(signal);
      await system.close();
      const next = await boot();
      expect(await next.guest.ask("ping again")).toBe("pong again");
    });

    test("a call that waits fails at once", async () => {
      const system = await create();
      await inject({ call: "HcsStartComputeSystem", delayMs: 60_000 });
      const started = system.start(signal);
      started.catch(() => {});
      await sleep(200);
      await linux("crash");
      await expect(started).rejects.toMatchObject({
        name: "TswslError",
        code: expect.stringMatching(/disconnected|unavailable/),
      });
      expect((await system.exited).ExitType).toBe("UnexpectedExit");
    });

    test("a caller who gives up gets nothing, and nothing stays", async () => {
      await inject({ call: "HcsCreateComputeSystem", delayMs: 300 });
      const caller = new AbortController();
      const creating = service.create(randomUUID(), machine(), caller.signal);
      await sleep(50);
      caller.abort();
      await expect(creating).rejects.toMatchObject({ code: "cancelled" });
    });

    test("a machine whose end nobody reports counts as ended when HCS has forgotten it", async () => {
      const system = await create();
      await system.start(signal);
      await linux("mute");
      await system.terminate(signal);
      expect((await system.exited).ExitType).toBe("ForcedExit");
    });
  });
}
