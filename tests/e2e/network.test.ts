import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { inDebian, shared } from "../support/debian.ts";

test("apt installs git over the VM's own network", async () => {
  const line =
    "apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y git >/dev/null 2>&1 && git --version";
  const result = await inDebian(line, { timeoutMs: 580_000 });
  expect(result.stderr).toBe("");
  expect(result.text).toMatch(/^git version \d+/m);
}, 600_000);

test("what listens on the host's own 127.0.0.1 cannot be reached from a distro", async () => {
  const server = createServer((socket) => socket.end("seen")).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  // listen() on a TCP port gives an address object.
  const { port } = server.address() as AddressInfo;
  const { network } = await shared().json<{
    network: { Ipams: { Subnets: { Routes: { NextHop: string }[] }[] }[] };
  }>(["debug", "document"]);
  const gateway = network.Ipams[0]?.Subnets[0]?.Routes[0]?.NextHop;
  const result = await shared().run([
    "-d",
    "debian",
    "-e",
    "bash",
    "-c",
    `cat < /dev/tcp/${gateway}/${port}`,
  ]);
  expect(result.text).not.toContain("seen");
  expect(result.stderr).toMatch(/refused/i);
});

test("each distro has an address of its own, shown by list", async () => {
  const { distros } = await shared().json<{ distros: { name: string; address: string }[] }>(["list"]);
  const debian = distros.find(({ name }) => name === "debian");
  const inside = await inDebian("cat /proc/net/fib_trie");
  expect(inside.text).toContain(debian?.address);
});

test("hosts and resolv.conf are generated, and say how to stop it", async () => {
  const result = await inDebian("cat /etc/hosts /etc/resolv.conf");
  expect(result.text).toContain("generateHosts = false");
  expect(result.text).toContain("generateResolvConf = false");
  expect(result.text).toMatch(/^nameserver \d/m);
});
