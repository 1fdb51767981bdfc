import { expect, test } from "vitest";
import { parseAptProxy } from "../../../../../src/distro/source/bootstrap/apt-proxy.ts";
import { bootstrapError } from "../../../../../src/distro/source/bootstrap/bootstrap-error.ts";
import { chooseMode } from "../../../../../src/distro/source/bootstrap/mode.ts";
import { phaseOf } from "../../../../../src/distro/source/bootstrap/phases.ts";
import { planBootstrap } from "../../../../../src/distro/source/bootstrap/plan.ts";

const sources = { suite: "bookworm", entries: ["http://x/ bookworm main"], lists: [], warnings: [] };

test("the host's sources and proxy, its keys, and the suite at the end", () => {
  const proxy = parseAptProxy("http='http://proxy.example.org:3128/'\n");
  const { args, stdin } = planBootstrap({
    flavor: "debian",
    sources,
    proxy,
    include: ["docker.io"],
    mode: "root",
  });
  expect(args.slice(-3)).toEqual(["bookworm", "-", "-"]);
  expect(args).toContain("--mode=root");
  expect(args.find((arg) => arg.startsWith("--include="))).toMatch(/,vim-tiny,docker\.io$/);
  expect(args).toContain('--aptopt=Acquire::http::Proxy "http://proxy.example.org:3128/";');
  expect(stdin).toBe(
    "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://x/ bookworm main\n",
  );
});

test("a proxy on this host serves the bootstrap alone", () => {
  const { env, options, warnings } = parseAptProxy("http='http://localhost:3142'\nhttps='DIRECT'\n");
  expect(env).toEqual({ http_proxy: "http://localhost:3142" });
  expect(options).toEqual([]);
  expect(warnings).toHaveLength(1);
});

test.each([
  [{ uid: 0, hasSubordinateIds: false, hasFakechroot: false }, "root"],
  [{ uid: 1000, hasSubordinateIds: true, hasFakechroot: true }, "unshare"],
  [{ uid: 1000, hasSubordinateIds: false, hasFakechroot: true }, "fakechroot"],
])("mode of %j is %s", (facts, mode) => {
  expect(chooseMode(facts)).toBe(mode);
});

test("without any mode the user is told what to install", () => {
  expect(() => chooseMode({ uid: 1, hasSubordinateIds: false, hasFakechroot: false })).toThrow(
    expect.objectContaining({ code: "unavailable", hint: expect.stringContaining("apt-get install uidmap") }),
  );
});

test("mmdebstrap's messages", () => {
  expect(phaseOf("I: downloading packages with apt...")).toBe("Downloading packages");
  expect(phaseOf("I: chroot architecture amd64 is equal to the host's architecture")).toBeUndefined();
  expect(phaseOf("X I: downloading packages")).toBeUndefined();
});

test.each([
  [["E: setup failed", "tar: x: Cannot write: No space left on device"], /setup failed/, /Free some space/],
  [
    ["E: Failed to fetch http://x/ Could not resolve 'x'", "E: mmdebstrap failed to run"],
    /Failed to fetch/,
    /network/,
  ],
  [["E: mmdebstrap failed to run"], /mmdebstrap failed to run/, /apt-get update/],
  [[], /25/, /apt-get update/],
])("a failure %j has a text and a remedy", (lines, message, hint) => {
  const error = bootstrapError(25, lines);
  expect([error.code, error.message, error.hint]).toEqual([
    "unavailable",
    expect.stringMatching(message),
    expect.stringMatching(hint),
  ]);
});
