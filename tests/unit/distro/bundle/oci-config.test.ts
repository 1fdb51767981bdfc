import { describe, expect, test } from "vitest";
import { ociConfig } from "../../../../src/distro/bundle/index.ts";

const bundle = { distroId: "6f1c3e0a-0000-4000-8000-000000000001", name: "debian", hostname: "box" } as const;
const config = ociConfig({ ...bundle, init: "reaper" });

test("PID 1 is the reaper, or the distro's own init", () => {
  expect(config.process.args).toEqual(["/run/tswsl/init", "distro-init"]);
  expect(ociConfig({ ...bundle, init: "systemd" }).process.args.at(-1)).toMatch(/\nexec \/sbin\/init$/);
});

test("root has every capability, others inherit none, and nothing is filtered or masked", () => {
  const { capabilities, noNewPrivileges } = config.process;
  expect(capabilities.bounding).toHaveLength(41);
  expect(new Set(capabilities.bounding).size).toBe(41);
  expect(capabilities.bounding).toEqual(capabilities.effective);
  expect(capabilities.bounding).toEqual(capabilities.permitted);
  expect([...capabilities.inheritable, ...capabilities.ambient]).toEqual([]);
  expect(noNewPrivileges).toBe(false);
  expect(config.linux).not.toHaveProperty("seccomp");
  expect([...config.linux.maskedPaths, ...config.linux.readonlyPaths]).toEqual([]);
});

test("its namespaces are all but the user's", () => {
  const types = config.linux.namespaces.map(({ type }) => type).sort();
  expect(types).toEqual(["cgroup", "ipc", "mount", "network", "pid", "uts"]);
});

describe("mounts", () => {
  const destinations = config.mounts.map(({ destination }) => destination);

  test("each comes after the one it lies in", () => {
    const late = destinations.filter((inner, at) =>
      destinations.slice(at + 1).some((outer) => inner.startsWith(`${outer}/`)),
    );
    expect(late).toEqual([]);
  });

  test("the agent's binary is there, read-only, and /tmp is the distro's own", () => {
    const agent = config.mounts.find(({ destination }) => destination === "/run/tswsl/init");
    expect(agent).toMatchObject({ type: "bind", source: "/run/tswsl/agent" });
    expect(agent?.options).toContain("ro");
    expect(destinations).not.toContain("/tmp");
  });

  test("so is the system image, without what is mounted in the VM", () => {
    const image = config.mounts.find(({ destination }) => destination === "/run/tswsl/system");
    expect(image).toMatchObject({ source: "/", options: ["bind", "ro", "nosuid", "nodev"] });
  });

  test("cgroup and sysfs are writable", () => {
    for (const path of ["/sys", "/sys/fs/cgroup"]) {
      expect(config.mounts.find(({ destination }) => destination === path)?.options).toContain("rw");
    }
  });
});

test("device numbers are Linux's, and no path comes twice", () => {
  const numbers = new Map(
    config.linux.devices.map(({ path, type, major, minor }) => [path, `${type} ${major}:${minor}`]),
  );
  expect(numbers.size).toBe(config.linux.devices.length);
  expect(numbers.get("/dev/fuse")).toBe("c 10:229");
  expect(numbers.get("/dev/net/tun")).toBe("c 10:200");
  expect(numbers.get("/dev/loop7")).toBe("b 7:7");
  expect(config.linux.resources.devices).toEqual([{ allow: true, access: "rwm" }]);
});

test("every number survives JSON", () => {
  const limits = config.process.rlimits.flatMap(({ soft, hard }) => [soft, hard]);
  expect(limits.every(Number.isSafeInteger)).toBe(true);
  expect(JSON.parse(JSON.stringify(config))).toEqual(config);
});
