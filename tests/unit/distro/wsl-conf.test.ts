import { describe, expect, test } from "vitest";
import { parseDistributionConf, parseWslConf } from "../../../src/distro/wsl-conf.ts";
import { randomTexts } from "./fuzz.ts";

test("an empty file gives WSL's defaults", () => {
  const { conf, warnings } = parseWslConf("");
  expect(warnings).toEqual([]);
  expect(conf.boot).toEqual({ command: "", systemd: false, initTimeout: 30_000, protectBinfmt: true });
  expect(conf.network).toEqual({ generateHosts: true, generateResolvConf: true, hostname: undefined });
  expect(conf.user.default).toBeUndefined();
  expect(conf.filesystem.umask).toBe(0o022);
});

test("a whole file of WSL's keys brings no warning", () => {
  const text = `
[automount]
enabled = false
root = /windir/
options = "metadata,uid=1003"
mountFsTab=false
ldconfig=true
cgroups=v1
[filesystem]
umask=077
[network]
hostname = box
generateHosts = false
generateResolvConf = FALSE
[interop]
enabled=false
appendWindowsPath=0
[user]
default = ada
[boot]
command = service docker start; echo "started # now"
systemd=true
initTimeout=0x100
protectBinfmt=true
[time]
useWindowsTimezone=true
[gpu]
enabled=true
appendLibPath=true
[fileServer]
enabled=true
logFile=/var/log/x
logLevel=debug
logTruncate=false
[general]
guiApplications=true
`;
  const { conf, warnings } = parseWslConf(text);
  expect(warnings).toEqual([]);
  expect(conf.user.default).toBe("ada");
  expect(conf.network).toEqual({ hostname: "box", generateHosts: false, generateResolvConf: false });
  expect(conf.boot.systemd).toBe(true);
  expect(conf.boot.initTimeout).toBe(256);
  expect(conf.boot.command).toBe("service docker start; echo started # now");
  expect(conf.filesystem.umask).toBe(0o077);
  expect(conf.automount.cgroups).toBe("v1");
});

describe("warnings name FILE:LINE", () => {
  test.each([
    ["[foo]\na=1", "Unknown key 'foo.a' in /etc/wsl.conf:2"],
    [
      "[boot]\nsystemd=maybe",
      "Invalid boolean value 'maybe' for config key 'boot.systemd' in /etc/wsl.conf:2",
    ],
    ["systemd=true", "Unknown key 'systemd' in /etc/wsl.conf:1"],
    [
      "[user]\ndefault=a\nDEFAULT=b",
      "Duplicated config key 'user.DEFAULT' in /etc/wsl.conf:3 (Conflicting key: 'user.default' in /etc/wsl.conf:2)",
    ],
  ])("%j", (text, warning) => {
    expect(parseWslConf(text).warnings).toEqual([warning]);
  });
});

test("the first of equal keys wins, in any case and even when it is bad", () => {
  expect(parseWslConf("[USER]\nDefault=a\n[user]\ndefault=b").conf.user.default).toBe("a");
  expect(parseWslConf("[boot]\nsystemd=x\nsystemd=true").conf.boot.systemd).toBe(false);
});

test("names of JavaScript's own are unknown keys", () => {
  const { warnings } = parseWslConf("[constructor]\nname=x\n[boot]\ntoString=1");
  expect(warnings).toHaveLength(2);
});

test("wsl-distribution.conf tells the image's name", () => {
  const conf = parseDistributionConf(
    "[oobe]\ndefaultName = Ubuntu-24.04\ndefaultUid = 1000\ncommand=/usr/lib/wsl/oobe\n",
  );
  expect(conf).toEqual({
    defaultName: "Ubuntu-24.04",
    defaultUid: 1000,
    oobeCommand: "/usr/lib/wsl/oobe",
    warnings: [],
  });
  expect(parseDistributionConf("[oobe]\ndefaultName=\n").defaultName).toBeUndefined();
});

test("no text makes it throw, and every value keeps its type", () => {
  const pieces = [
    "[boot]\n",
    "[user]\n",
    "systemd",
    "default",
    "initTimeout",
    "=",
    "true",
    "1",
    '"',
    "\\",
    "\n",
    "#",
  ];
  for (const text of randomTexts(pieces, 2000)) {
    const { conf, warnings } = parseWslConf(text);
    expect([typeof conf.boot.systemd, typeof conf.boot.initTimeout]).toEqual(["boolean", "number"]);
    expect(warnings.length).toBeLessThanOrEqual(50);
  }
});
