import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hvSocketServiceId } from "../../../../../src/vm/hv-socket.ts";
import { hcs, vmp } from "../addons.ts";
import { consolePipe, create, directory, PORT, signal } from "./bench.ts";

export function testNativeCalls(): void {
  describe("faults: calls of the wrong kind", () => {
    test("arguments of the wrong type throw", () => {
      // What a caller without types could do.
      const loose = { ...hcs, ...vmp } as unknown as Record<string, (...args: unknown[]) => unknown>;
      for (const name of [
        "createComputeSystem",
        "grantVmAccess",
        "createNetwork",
        "deleteEndpoint",
        "connectHvSocket",
      ]) {
        expect(() => loose[name]?.(1, 2, 3)).toThrow(TypeError);
      }
      expect(() => loose["queryNetwork"]?.("not a guid", null)).toThrow(/GUID/);
    });

    test("a closed system throws, whatever is asked of it", async () => {
      const { system } = await hcs.createComputeSystem(randomUUID(), "{}", () => {});
      expect(system).toBe(null);
      const made = await create();
      await made.close();
      await expect(made.terminate(signal)).rejects.toMatchObject({ code: "invalid-state" });
    });

    test("the service describes itself and its systems", async () => {
      const made = await create();
      expect((await hcs.enumerateComputeSystems(null)).document).toContain(made.id);
      expect((await hcs.getServiceProperties('{"PropertyTypes":["Basic"]}')).document).toContain(
        "SchemaVersions",
      );
    });

    test("disks are made, grown, compacted and described", async () => {
      const path = join(directory, "store.vhdx");
      expect(await vmp.createVirtualDisk(path, 64 * 1024 ** 2, 1024 ** 2)).toBe(0);
      expect(await vmp.createVirtualDisk(path, 64 * 1024 ** 2, 1024 ** 2)).toBe(80);
      expect(await vmp.resizeVirtualDisk(path, 128 * 1024 ** 2)).toBe(0);
      expect(await vmp.compactVirtualDisk(path)).toBe(0);
      const size = await vmp.virtualDiskSize(path);
      expect(size).toMatchObject({
        error: 0,
        virtualBytes: 128 * 1024 ** 2,
        physicalBytes: statSync(path).size,
      });
    });

    test("the process's token, owners and access lists", async () => {
      const { user, error } = vmp.processToken();
      expect(error).toBe(0);
      expect(user).toMatch(/^S-1-/);
      expect(await vmp.fileOwner(directory)).toMatchObject({ error: 0 });
      expect(await vmp.setPipeAccess(consolePipe.path, `D:P(A;;GA;;;SY)(A;;GA;;;${user})`)).toBe(0);
      expect(await vmp.pipeServer(consolePipe.path)).toMatchObject({ error: 0 });
    });

    test("there is nobody to listen for without Hyper-V sockets", async () => {
      expect(await vmp.listenHvSocket(randomUUID(), hvSocketServiceId(PORT))).toMatchObject({ error: 10047 });
    });
  });
}
