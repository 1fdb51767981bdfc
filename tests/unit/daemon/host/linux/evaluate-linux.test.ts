import { describe, expect, test } from "vitest";
import { evaluateLinux } from "../../../../../src/daemon/host/linux/evaluate-linux.ts";
import type { LinuxFacts } from "../../../../../src/daemon/host/linux/facts.ts";
import type { Finding } from "../../../../../src/protocol/host.ts";

const GIB = 1024 ** 3;

/** A host on which everything is as it should be. */
const healthy: LinuxFacts = {
  program: "0.1.0",
  qemu: { known: { binary: "/usr/bin/qemu-system-x86_64", version: "7.2.22" } },
  programs: [
    { name: "flock", packageName: "util-linux", found: true },
    { name: "setpriv", packageName: "util-linux", found: true },
  ],
  kvm: { device: "usable", processor: "vmx", guest: false },
  accelerator: { accelerator: { name: "kvm" }, rejected: [], current: true },
  guest: { directory: "/opt/guest", version: "0.1.0", files: [{ name: "vmlinux", state: "whole" }] },
  space: { path: "/home/a/tswsl", free: { known: 50 * GIB } },
  home: "/home/a/tswsl",
  state: { known: 2 },
  addresses: { known: ["172.31.240.0/20", "172.30.240.0/24"] },
  sources: { flavors: ["Debian GNU/Linux (bookworm)"], mmdebstrap: true, mode: { known: "unshare" } },
};

const finding = (check: string, changes: Partial<LinuxFacts>): Finding | undefined =>
  evaluateLinux({ ...healthy, ...changes }).find((found) => found.check === check);

test("a host that has everything has no remedies", () => {
  const findings = evaluateLinux(healthy);
  expect(findings.map(({ check, state, remedy }) => [check, state, remedy])).toEqual([
    ["qemu", "ok", null],
    ["programs", "ok", null],
    ["accelerator", "ok", null],
    ["guest files", "ok", null],
    ["space", "ok", null],
    ["state", "ok", null],
    ["addresses", "ok", null],
    ["package sources", "ok", null],
  ]);
});

/** The check, its state, a part of what was found, a part of the remedy. */
type Expected = readonly [string, Finding["state"], string, string];

const tcg = { name: "tcg", tscKhz: 1 } as const;
const noKvm = { accelerator: undefined } as const;

describe("what is missing is named with its remedy", () => {
  test.each<[string, Partial<LinuxFacts>, Expected]>([
    [
      "no QEMU",
      { qemu: { unknown: "QEMU is not installed", hint: "apt-get install qemu" } },
      ["qemu", "missing", "not installed", "apt-get install qemu"],
    ],
    [
      "no flock",
      { programs: [{ name: "flock", packageName: "util-linux", found: false }] },
      ["programs", "missing", "flock cannot be found", "apt-get install util-linux"],
    ],
    [
      "no guest",
      { guest: { directory: "/opt/guest", version: undefined, files: [] } },
      ["guest files", "missing", "no kernel and system image in /opt/guest", "npm run build"],
    ],
    [
      "half a guest",
      {
        guest: {
          directory: "/opt/guest",
          version: "0.1.0",
          files: [
            { name: "vmlinux", state: "missing" },
            { name: "initrd.img", state: "changed" },
          ],
        },
      },
      ["guest files", "missing", "vmlinux is missing, initrd.img is changed", "npm run build"],
    ],
    [
      "another version's guest",
      { guest: { directory: "/opt/guest", version: "0.0.9", files: [] } },
      ["guest files", "missing", "built for tswsl 0.0.9, this is 0.1.0", "npm run build"],
    ],
    [
      "a full disk",
      { space: { path: "/home/a", free: { known: GIB / 2 } } },
      ["space", "missing", "0.5 GiB are free", "df -h /home/a"],
    ],
    [
      "a nearly full disk",
      { space: { path: "/home/a", free: { known: 2 * GIB } } },
      ["space", "warning", "2.0 GiB are free", "df -h /home/a"],
    ],
    [
      "a damaged registry",
      { state: { unknown: "distros.json is not readable", hint: "Repair it" } },
      ["state", "missing", "distros.json", "Repair it"],
    ],
    [
      "no free network",
      { addresses: { unknown: "all overlap", hint: "ip address show" } },
      ["addresses", "missing", "all overlap", "ip address show"],
    ],
    [
      "no apt",
      { sources: { ...healthy.sources, flavors: [] } },
      ["package sources", "warning", "no package sources", "apt-get update"],
    ],
    [
      "no mmdebstrap",
      { sources: { ...healthy.sources, mmdebstrap: false } },
      ["package sources", "warning", "mmdebstrap is not", "apt-get install mmdebstrap"],
    ],
    [
      "no subordinate ids",
      { sources: { ...healthy.sources, mode: { unknown: "cannot be made", hint: "uidmap" } } },
      ["package sources", "warning", "cannot be made", "uidmap"],
    ],
    [
      "KVM that hangs",
      {
        accelerator: {
          accelerator: tcg,
          rejected: [{ name: "kvm", reason: "did not end within 5 s" }],
          current: true,
        },
      },
      ["accelerator", "warning", "did not end within 5 s", "dmesg"],
    ],
    [
      "KVM of others",
      { ...noKvm, kvm: { device: "denied", processor: "vmx", guest: false } },
      ["accelerator", "warning", "may not use /dev/kvm", "usermod -aG kvm"],
    ],
    [
      "an Intel without the module",
      { ...noKvm, kvm: { device: "absent", processor: "vmx", guest: false } },
      ["accelerator", "warning", "no /dev/kvm", "modprobe kvm_intel"],
    ],
    [
      "an AMD without the module",
      { ...noKvm, kvm: { device: "absent", processor: "svm", guest: false } },
      ["accelerator", "warning", "no /dev/kvm", "modprobe kvm_amd"],
    ],
    [
      "a VM without nesting",
      { ...noKvm, kvm: { device: "absent", processor: "none", guest: true } },
      ["accelerator", "warning", "is a virtual machine", "nested virtualisation"],
    ],
    [
      "firmware",
      { ...noKvm, kvm: { device: "absent", processor: "none", guest: false } },
      ["accelerator", "warning", "switched off in the firmware", "VT-x (Intel) or SVM (AMD)"],
    ],
  ])("%s", (_, changes, [check, state, what, remedy]) => {
    const found = finding(check, changes);
    expect(found?.state).toBe(state);
    expect(found?.what).toContain(what);
    expect(found?.remedy).toContain(remedy);
  });

  test("one fault leaves the other findings as they are", () => {
    const changes = { qemu: { unknown: "QEMU is not installed" } };
    const others = evaluateLinux({ ...healthy, ...changes }).filter(({ state }) => state === "ok");
    expect(others).toHaveLength(7);
  });
});

test("what was tried under other circumstances does not count", () => {
  const rejected = [{ name: "kvm", reason: "hung" }];
  const found = finding("accelerator", { accelerator: { accelerator: tcg, rejected, current: false } });
  expect(found).toMatchObject({ state: "ok", what: "/dev/kvm can be opened; the next start tries it" });
});
