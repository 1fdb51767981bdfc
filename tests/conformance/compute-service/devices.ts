import { randomBytes, randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { GuestClient } from "../../support/guest-client.ts";
import { MIB, PORT, signal, type Bench } from "./bench.ts";

const natNetwork = {
  Name: "tswsl-conformance",
  Type: "NAT",
  Flags: 8,
  Ipams: [
    {
      Type: "Static",
      Subnets: [
        {
          IpAddressPrefix: "172.31.240.0/20",
          Routes: [{ NextHop: "172.31.240.1", DestinationPrefix: "0.0.0.0/0" }],
        },
      ],
    },
  ],
  SchemaVersion: { Major: 2, Minor: 0 },
};

export function testDevices(bench: () => Bench): void {
  test("the console reaches whoever listens", async () => {
    const { guest } = await bench().boot();
    await bench().console.waitFor("guest ready");
    expect(await guest.ask("say grüße ☃")).toBe("said");
    await bench().console.waitFor("grüße ☃");
  });

  test("memory and processors are those of the document", async () => {
    const { guest } = await bench().boot(await bench().document({ memoryMiB: 512, processors: 2 }));
    const kibibytes = Number(await guest.ask("memory"));
    // The kernel keeps some for itself.
    expect(kibibytes).toBeGreaterThan(400 * 1024);
    expect(kibibytes).toBeLessThanOrEqual(512 * 1024);
    expect(await guest.ask("cpus")).toBe("2");
  });

  test("a stream carries bytes both ways, more than any buffer holds", async () => {
    const { guest } = await bench().boot();
    const data = randomBytes(4 * MIB);
    expect((await guest.echo(data)).equals(data)).toBe(true);
    expect(await guest.ask("ping again")).toBe("pong again");
  });

  test("a stream that nobody reads is not lost", async () => {
    const system = await bench().create();
    await system.start(signal);
    await bench().console.waitFor("guest ready");
    const guest = new GuestClient(await system.connect(PORT, signal));
    expect(await guest.ask("ping late")).toBe("pong late");
  });

  test("a port's stream can be offered to another thread", async () => {
    const system = await bench().create();
    await system.start(signal);
    await bench().console.waitFor("guest ready");
    const offer = await system.offer(PORT, signal);
    const stream = await bench().harness.open(offer.address);
    await offer.close();
    const guest = new GuestClient(stream);
    expect(await guest.ask("ping thread")).toBe("pong thread");
    const data = randomBytes(MIB);
    expect((await guest.echo(data)).equals(data)).toBe(true);
    await expect(system.offer(PORT + 1, signal)).rejects.toMatchObject({ code: "not-found" });
    stream.destroy();
  });

  test("only the services of the document can be reached, one stream at a time", async () => {
    const { system } = await bench().boot();
    await expect(system.connect(PORT + 1, signal)).rejects.toMatchObject({ code: "not-found" });
    await expect(system.connect(PORT, signal)).rejects.toMatchObject({ code: "invalid-state" });
  });

  test("the network adapter has the endpoint's address, and the endpoint one machine", async () => {
    const { network } = bench().harness;
    const [networkId, endpointId] = [randomUUID(), randomUUID()];
    await network.ensureNetwork(networkId, natNetwork, signal);
    const document = { HostComputeNetwork: networkId, SchemaVersion: { Major: 2, Minor: 0 } };
    const endpoint = await network.createEndpoint(networkId, endpointId, document, signal);
    const adapter = { EndpointId: endpointId, MacAddress: endpoint.macAddress };
    const { system, guest } = await bench().boot(await bench().document({ adapter }));
    expect(await guest.ask("mac")).toBe(endpoint.macAddress.toLowerCase().replaceAll("-", ":"));
    await expect(bench().create(await bench().document({ adapter }))).rejects.toMatchObject({
      code: "invalid-state",
    });
    await system.close();
    await (await bench().create(await bench().document({ adapter }))).close();
    await network.deleteEndpoint(endpointId, signal);
  });
}
