import { expect, test } from "vitest";
import { inDebian } from "../support/debian.ts";

test("a command is the leader of its own session", async () => {
  const result = await inDebian("ps -o pid=,sid= -p $$ 2>/dev/null || awk '{print $1, $6}' /proc/$$/stat");
  const [pid, session] = result.text.trim().split(/\s+/);
  expect(session).toBe(pid);
});

test("orphans are reaped by the distro's init", async () => {
  const result = await inDebian(
    "(sh -c 'exec true' & ) ; (sh -c '(true &) ; exec true'); while grep -ls '^State:.Z' /proc/[0-9]*/status; do :; done; cat /proc/1/comm",
  );
  expect(result.status).toBe(0);
  expect(result.text).not.toContain("/proc/");
});

test("the root user has every capability and no seccomp filter", async () => {
  const result = await inDebian(
    "grep -E 'CapEff|CapBnd|Seccomp:|NoNewPrivs' /proc/self/status; cat /proc/sys/kernel/cap_last_cap",
  );
  const lines = result.text.split("\n");
  const last = Number(lines.at(-1));
  const all = ((1n << BigInt(last + 1)) - 1n).toString(16).padStart(16, "0");
  expect(lines).toContain(`CapEff:\t${all}`);
  expect(lines).toContain(`CapBnd:\t${all}`);
  expect(lines).toContain("Seccomp:\t0");
  expect(lines).toContain("NoNewPrivs:\t0");
});

test("supplementary groups are set", async () => {
  await inDebian(
    "id tester >/dev/null 2>&1 || useradd -m tester; groupadd -f extra; usermod -aG extra tester",
  );
  const result = await inDebian("su tester -c 'id -Gn'");
  expect(result.text.split(" ")).toContain("extra");
});

test("pid, mount, uts, ipc, network and cgroup namespaces are the distro's own", async () => {
  const result = await inDebian(
    "ls -l /proc/1/exe >/dev/null; cat /proc/1/comm; hostname; ls /sys/class/net; cat /proc/self/cgroup",
  );
  expect(result.text).toContain("eth0");
  expect(result.text).toMatch(/^0::\//m);
});

test("cgroup2 is delegated: a group can be made and entered", async () => {
  const result = await inDebian(
    "mkdir /sys/fs/cgroup/e2e && cat /sys/fs/cgroup/e2e/cgroup.controllers; rmdir /sys/fs/cgroup/e2e",
  );
  expect(result.status).toBe(0);
});

test("resource limits are raised", async () => {
  const result = await inDebian("ulimit -Hn; ulimit -l");
  expect(result.text.split("\n")).toEqual(["1048576", "unlimited"]);
});
