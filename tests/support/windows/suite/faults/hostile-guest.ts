import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { AgentClient } from "../../../../../src/vm/agent-client.ts";
import { boot, create, linux, PORT, signal } from "./bench.ts";

export function testHostileGuest(): void {
  describe("faults: a hostile guest", () => {
    const connected = async (deed: string) => {
      await linux("hostile", deed);
      const system = await create();
      await system.start(signal);
      return await system.connect(PORT, signal);
    };

    test("a flood that nobody reads stays with the guest, and arrives whole when it is read", async () => {
      const bytes = 64 * 1024 * 1024;
      const stream = await connected(String(bytes));
      await sleep(500);
      // Both sockets' buffers and one chunk of ours.
      expect(await linux("taken")).toBeLessThan(16 * 1024 * 1024);
      let received = 0;
      for await (const chunk of stream) received += (chunk as Buffer).length;
      expect(received).toBe(bytes);
    });

    test.each(["hang-up", "reset"])("a guest that does a %s ends the stream", async (deed) => {
      const stream = await connected(deed);
      stream.resume();
      await once(stream, "close");
      expect(stream.destroyed).toBe(true);
    });

    test("a guest that talks garbage ends the agent's link with an error", async () => {
      const client = await AgentClient.connect(await connected("garbage"), signal);
      expect(await client.closed).toMatchObject({ name: "TswslError" });
      client.close();
    });

    test("writing to a guest that has gone is an error of the stream, not of the process", async () => {
      const stream = await connected("reset");
      await expect(
        (async () => {
          for (;;) {
            await new Promise<void>((done, failed) => {
              stream.write(Buffer.alloc(65_536), (error) => (error ? failed(error) : done()));
            });
          }
        })(),
      ).rejects.toBeInstanceOf(Error);
      stream.destroy();
    });

    test("reading, writing and closing at the same time", async () => {
      const { guest, system } = await boot();
      void guest.echo(Buffer.alloc(1024 * 1024)).catch(() => {});
      await system.close();
      await expect(guest.closed()).resolves.toBeUndefined();
    });
  });
}
