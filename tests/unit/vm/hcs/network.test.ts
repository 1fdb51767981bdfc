import { expect, test } from "vitest";
import { silentLogger } from "../../../../src/base/log.ts";
import { HcnNetworkService } from "../../../../src/vm/hcs/network.ts";
import { FakeHcs } from "../../../support/fake-hcs.ts";

const { signal } = new AbortController();
const id = "0b1d3a52-6a3f-4c1e-9d0e-1d3a526a3f4c";

function make() {
  const hcs = new FakeHcs();
  return { hcs, network: new HcnNetworkService({ hcs: hcs.module, log: silentLogger() }) };
}

const reply = (document: unknown) => ({ hresult: 0, document: JSON.stringify(document) });

test("an endpoint is what the old reply says, whatever else is in it", async () => {
  const { hcs, network } = make();
  hcs.answers.set(
    "queryEndpoint",
    reply({
      ID: id,
      IPAddress: "172.31.240.5",
      PrefixLength: 20,
      GatewayAddress: "172.31.240.1",
      MacAddress: "00-15-5d-01-02-03",
      DNSServerList: "10.0.0.1,10.0.0.2",
      Surprise: { of: ["any", "kind"] },
    }),
  );
  expect(await network.createEndpoint(id, id, {}, signal)).toEqual({
    id,
    macAddress: "00-15-5D-01-02-03",
    address: "172.31.240.5",
    prefixLength: 20,
    gateway: "172.31.240.1",
    dnsServers: ["10.0.0.1", "10.0.0.2"],
  });
});

test.each(["", "null", "[]", '{"IPAddress":5}', "{"])(
  "a reply that is '%s' is an error, not a crash",
  async (text) => {
    const { hcs, network } = make();
    hcs.answers.set("queryEndpoint", { hresult: 0, document: text });
    await expect(network.createEndpoint(id, id, {}, signal)).rejects.toMatchObject({ code: "protocol" });
  },
);

test("an existing network is used; one with its name only is not ours", async () => {
  const { hcs, network } = make();
  hcs.answers.set("createNetwork", { hresult: 0x803b0010, document: null });
  await network.ensureNetwork(id, {}, signal);
  hcs.answers.set("queryNetwork", { hresult: 0x803b0001, document: null });
  await expect(network.ensureNetwork(id, {}, signal)).rejects.toMatchObject({ code: "not-found" });
});

test("endpoints that no machine has are deleted, the first time only", async () => {
  const { hcs, network } = make();
  hcs.answers.set("enumerateEndpoints", reply(["left"]));
  hcs.answers.set("queryEndpoint", reply({ State: 1 }));
  await network.ensureNetwork(id, {}, signal);
  await network.ensureNetwork(id, {}, signal);
  expect(hcs.calls.filter((call) => call === "deleteEndpoint left")).toHaveLength(1);
});

test.each([{ State: 2 }, { State: 3 }, {}, "strange"])(
  "an endpoint with %j is left alone",
  async (endpoint) => {
    const { hcs, network } = make();
    hcs.answers.set("enumerateEndpoints", reply(["another"]));
    hcs.answers.set("queryEndpoint", reply(endpoint));
    await network.ensureNetwork(id, {}, signal);
    expect(hcs.calls).not.toContain("deleteEndpoint another");
  },
);

test("deleting what is gone is no error; any other failure is", async () => {
  const { hcs, network } = make();
  hcs.answers.set("deleteEndpoint", { hresult: 0x803b0002, document: null });
  await network.deleteEndpoint(id, signal);
  hcs.answers.set("deleteEndpoint", { hresult: 0x80070005, document: null });
  await expect(network.deleteEndpoint(id, signal)).rejects.toMatchObject({
    details: { hresult: "0x80070005" },
  });
});
