import { expect, test } from "vitest";
import { cleanHostname, etcFiles } from "../../../src/distro/etc-files.ts";
import { parseWslConf } from "../../../src/distro/wsl-conf.ts";

const files = (conf: string): Map<string, string> =>
  new Map(
    etcFiles({
      conf: parseWslConf(conf).conf,
      hostname: "My PC!",
      nameservers: ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"],
      search: ["corp.example", "example"],
    }).map(({ path, content }) => [path, content]),
  );

test("all three files, with the host's cleaned name", () => {
  const all = files("");
  expect([...all.keys()]).toEqual(["/etc/hostname", "/etc/hosts", "/etc/resolv.conf"]);
  expect(all.get("/etc/hostname")).toBe("MyPC\n");
  expect(all.get("/etc/hosts")).toContain("\n127.0.0.1\tlocalhost\n127.0.1.1\tMyPC.localdomain\tMyPC\n");
  expect(all.get("/etc/hosts")).toContain("# [network]\n# generateHosts = false\n");
  expect(all.get("/etc/hosts")).toContain("::1     ip6-localhost ip6-loopback\n");
  expect(all.get("/etc/resolv.conf")).toMatch(
    /# generateResolvConf = false\nnameserver 10.0.0.1\nnameserver 10.0.0.2\nnameserver 10.0.0.3\nsearch corp.example example\n$/,
  );
});

test("wsl.conf switches each off and names the distro", () => {
  const some = files("[network]\nhostname=box.home\ngenerateHosts=false\ngenerateResolvConf=false");
  expect([...some]).toEqual([["/etc/hostname", "box.home\n"]]);
});

test.each([
  ["box", "box"],
  ["a_b c", "abc"],
  ["..a...b..", "a.b"],
  ["-a-", "-a-"],
  ["é", "localhost"],
  ["...", "localhost"],
  ["", "localhost"],
  ["a".repeat(100), "a".repeat(64)],
  [`${"a".repeat(63)}.b`, "a".repeat(63)],
  ["x\nnameserver 6.6.6.6", "xnameserver6.6.6.6"],
])("hostname %j becomes %j", (name, clean) => {
  expect(cleanHostname(name)).toBe(clean);
});
