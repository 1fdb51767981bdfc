import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { HcnNetworkService } from "../../../../../src/vm/hcs/network.ts";
import { hcs } from "../addons.ts";
import { endpoint, log, natNetwork, network, signal } from "./bench.ts";

export function testNetwork(): void {
  describe("faults: network", () => {
    test("a network that exists is used, and what a crash left in it is deleted", async () => {
      const [id, left] = [randomUUID(), randomUUID()];
      await network.ensureNetwork(id, natNetwork, signal);
      await network.createEndpoint(id, left, endpoint(id), signal);
      const next = new HcnNetworkService({ hcs, log });
      await next.ensureNetwork(id, natNetwork, signal);
      await next.createEndpoint(id, left, endpoint(id), signal);
      await next.deleteEndpoint(left, signal);
      await next.deleteEndpoint(left, signal);
      const query = JSON.stringify({ SchemaVersion: { Major: 2, Minor: 0 }, Flags: 0 });
      expect((await hcs.enumerateEndpoints(query)).document).not.toContain(left.toUpperCase());
      expect(await hcs.deleteNetwork(id)).toMatchObject({ hresult: 0 });
      expect((await hcs.queryNetwork(id, null)).hresult).toBe(0x803b0001);
    });

    test("an endpoint of a network that does not exist is refused", async () => {
      const id = randomUUID();
      await expect(network.createEndpoint(id, randomUUID(), endpoint(id), signal)).rejects.toMatchObject({
        code: "not-found",
      });
    });

    test("a document that the schema refuses is named", async () => {
      const strange = { ...natNetwork, Colour: "red" };
      await expect(network.ensureNetwork(randomUUID(), strange, signal)).rejects.toMatchObject({
        code: "invalid-argument",
        message: expect.stringContaining("Colour"),
      });
    });
  });
}
